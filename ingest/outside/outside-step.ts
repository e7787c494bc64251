import { createHash } from 'node:crypto';
import { isTransactionKey } from '#contracts/v1/key.ts';
import { type StepEvent, stepEvent } from '#contracts/v1/step-event.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { compileValidator } from '../validate.ts';

/**
 * A step that a system other than our engine tells of. Its place in the transaction (ordinal, event id) is decided when it
 * is appended; `span_id` is what it is recognised by when it is told again.
 */
export type OutsideStep = Omit<
  StepEvent,
  'v' | 'event_id' | 'ordinal' | 'writer' | 'case_id' | 'payload_version' | 'state'
>;

/** What a step is where nothing is said: optional fields, in the contract's words for "does not apply". */
export const unsaid = {
  parent_span_id: '',
  attempt: 1,
  ended_at: '',
  /** Empty: whenever the transaction's first known step started. */
  occurred_at: '',
  deadline: '',
  direction: 'internal',
  channel: '',
  region: '',
  legal_entity: '',
  brand: '',
  location: '',
  sku: '',
  amount: '',
  currency: '',
  error_class: '',
  error_code: '',
  error_path: '',
  error_message: '',
} as const satisfies Partial<OutsideStep>;

/** The event's own time: its end, or its start while it runs. RFC 3339 in UTC sorts as text. */
export const timeOf = (step: Pick<OutsideStep, 'started_at' | 'ended_at'>): string => step.ended_at || step.started_at;

export interface Place {
  ordinal: number;
  writer: string;
  occurredAt: string;
}

export const placed = (step: OutsideStep, { ordinal, writer, occurredAt }: Place): StepEvent => ({
  v: 1,
  event_id: `${step.key}:${ordinal}`,
  ordinal,
  writer,
  case_id: '',
  payload_version: 0,
  ...step,
  occurred_at: occurredAt,
});

export interface Objection {
  /** Name of the field, empty for the whole. */
  field: string;
  reason: string;
}

const validate = compileValidator(stepEvent);

/** What ingest will say of a step when it comes to land it; undefined where it will land. */
export function objectionTo(step: OutsideStep, now: Date): Objection | undefined {
  if (!isTransactionKey(step.key)) return { field: 'key', reason: 'is not one transaction key' };
  const event = placed(step, { ordinal: 1, writer: 'nobody', occurredAt: step.occurred_at || step.started_at });
  const verdict = validate({
    subject: subjects.step(event.flow, event.key),
    data: Buffer.from(JSON.stringify(event)),
    arrivedMs: now.getTime(),
  });
  return verdict.ok ? undefined : { field: verdict.path.slice(1).replaceAll('/', '.'), reason: verdict.reason };
}

/** Hex digits that are the same whenever they are asked for the same. */
export const digest = (parts: readonly (string | number)[], digits: 16 | 32): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digits);
