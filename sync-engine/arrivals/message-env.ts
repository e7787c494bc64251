import type { JetStreamManager } from '@nats-io/jetstream';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { readAt } from '#platform/nats/publish.ts';
import type { Documents } from '../documents.ts';
import type { MessageEnv } from '../flows/message.ts';
import type { Identity } from '../identity.ts';
import type { ArrivalHandlers } from './arrival.ts';
import { arrivalOf } from './arrival-of.ts';
import { unlessToldByOthers } from './told-by-others.ts';

/** How messages that were set aside are read and tried again. */
export function createMessageEnv(options: {
  manager: JetStreamManager;
  documents: Pick<Documents, 'received' | 'writtenAt'>;
  handlers: ArrivalHandlers;
  identity: Pick<Identity, 'release'>;
  log: Log;
}): MessageEnv['messages'] {
  return {
    read: async (data) => {
      const message = await readAt(options.manager, streams.intake, data.intake_seq);
      if (message === undefined) throw new Error(`the message ${data.intake_seq} is no longer kept`);
      const { received } = data;
      const body = await options.documents.received(received);
      return {
        ...arrivalOf(message),
        body,
        ...('document_seq' in received
          ? { received, corrected_at: await options.documents.writtenAt(received.document_seq) }
          : {}),
      };
    },
    apply: async (arrival) => {
      const applied = await unlessToldByOthers(arrival, () => options.handlers.apply(arrival, true), options);
      if (applied === undefined) return { superseded: 'Another system tells of what this message belongs to.' };
      return applied === 'early' ? { problems: [stillEarly] } : applied;
    },
  };
}

const stillEarly: CaseProblem = {
  error_class: 'reference',
  error_code: 'not_there_yet',
  path: '',
  document: 'received',
  message: 'What this message belongs to is not there yet. Replay it once it is, or discard the message.',
};
