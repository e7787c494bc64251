import type { MsgHdrs } from '@nats-io/nats-core';
import { ZodError } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { readIntakeHeaders } from '../intake/headers.ts';
import type { Arrival } from './arrival.ts';

interface Stored {
  seq: number;
  subject: string;
  header: MsgHdrs | undefined;
  data: Uint8Array;
  time: Date;
}

/** A message of INTAKE as it is taken. Where its headers cannot be read, its subject and its time tell whose it is. */
export function arrivalOf({ seq, subject, header, data: body, time }: Stored): Arrival {
  try {
    return { seq, headers: readIntakeHeaders(header), body };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [, , system = '', topic = ''] = subject.split('.');
    return {
      seq,
      headers: {
        'syncline-system': system.slice(0, 63),
        'syncline-topic': topic.slice(0, 100),
        'syncline-received-at': time.toISOString(),
        'syncline-origin': 'live',
      },
      body,
      unreadable: unreadable(subject, error),
    };
  }
}

const unreadable = (subject: string, { issues }: ZodError): CaseProblem => ({
  error_class: 'validation',
  error_code: 'unreadable_headers',
  path: '',
  document: 'received',
  message:
    `The message on ${subject.slice(0, 200)} has not the headers that Syncline's intake gives one (${issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}). Find out what put it there. Have what it tells of sent again through the intake, and discard this message.`.slice(
      0,
      2000,
    ),
});
