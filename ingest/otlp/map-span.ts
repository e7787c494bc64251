import { transactionKey } from '#contracts/v1/key.ts';
import type { ErrorClass } from '#contracts/v1/step-event.ts';
import { objectionTo, type Objection, type OutsideStep, unsaid } from '../outside/outside-step.ts';
import { snakeCase } from '../outside/snake-case.ts';
import { OWN } from './own-attributes.ts';
import type { Attributes, OtlpSpan } from './request.ts';

/** `syncline.ref.order_number` becomes the attribute `ref_order_number`, which can be searched for. */
const REFERENCE = `${OWN}ref.`;
const ATTRIBUTE = `${OWN}attr.`;

/** Fields that are taken from `syncline.<name>` as they are. */
const plain = [
  'channel',
  'region',
  'legal_entity',
  'brand',
  'location',
  'sku',
  'amount',
  'currency',
  'error_path',
] as const;

const SERVER = 2;
const CLIENT = 3;
const PRODUCER = 4;
const CONSUMER = 5;
const directions: Record<number, OutsideStep['direction']> = {
  [SERVER]: 'inbound',
  [CONSUMER]: 'inbound',
  [CLIENT]: 'outbound',
  [PRODUCER]: 'outbound',
};
const ERROR = 2;

export interface SpanContext {
  now: Date;
  /** The system whose transactions the sender may tell of; undefined: any. */
  system: string | undefined;
}

/** A span as a step by the attributes of docs/import.md, or what is wrong with it. */
export function mapSpan(span: OtlpSpan, resource: Attributes, { now, system }: SpanContext): OutsideStep | Objection {
  const said = (name: string) => span.attributes.get(`${OWN}${name}`) ?? resource.get(`${OWN}${name}`) ?? '';
  const service = resource.get('service.name') ?? '';
  const key = keyOf(said, service);
  if (key === undefined)
    return { field: 'syncline.key', reason: 'give syncline.key, or syncline.external_id with syncline.system' };
  // By a key of another system the sender could tell of an order that the engine is about to take up.
  if (system !== undefined && !key.startsWith(transactionKey(system, '')))
    return { field: 'syncline.key', reason: `is not of "${system}", the only system that this API key may tell of` };
  const missing = ['spanId', 'traceId', 'startTimeUnixNano'].find((name) => !Reflect.get(span, name));
  if (missing !== undefined) return { field: missing, reason: 'is missing' };
  const step: OutsideStep = {
    ...unsaid,
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    flow: said('flow') as OutsideStep['flow'],
    key,
    step: said('step') || snakeCase(span.name),
    business_key: said('business_key') || said('external_id'),
    status: (said('status') || statusOf(span)) as OutsideStep['status'],
    attempt: Number(said('attempt') || 1),
    started_at: instantOf(span.startTimeUnixNano),
    ended_at: span.endTimeUnixNano === 0n ? '' : instantOf(span.endTimeUnixNano),
    occurred_at: momentOf(said('occurred_at')),
    deadline: momentOf(said('deadline')),
    system: said('step_system') || peerOf(span) || service,
    direction: (said('direction') || directions[span.kind] || 'internal') as OutsideStep['direction'],
    origin: said('origin') === 'backfill' ? 'backfill' : 'live',
    ...Object.fromEntries(plain.map((name) => [name, said(name)])),
    ...errorOf(span, said),
    attributes: attributesOf(span, service),
  };
  const objection = objectionTo(step, now);
  return objection === undefined ? step : { field: objection.field, reason: objection.reason };
}

function keyOf(said: (name: string) => string, service: string): string | undefined {
  const [whole, system, externalId] = [said('key'), said('system') || service, said('external_id')];
  if (whole !== '') return whole;
  return system === '' || externalId === '' ? undefined : transactionKey(system, externalId);
}

function statusOf({ status, endTimeUnixNano }: OtlpSpan): OutsideStep['status'] {
  if (status.code === ERROR) return 'failed';
  return endTimeUnixNano === 0n ? 'started' : 'completed';
}

/** The system that is called, by OpenTelemetry's two names for it. */
const peerOf = ({ kind, attributes }: OtlpSpan): string =>
  kind === CLIENT || kind === PRODUCER
    ? (attributes.get('service.peer.name') ?? attributes.get('peer.service') ?? '')
    : '';

/** Milliseconds, cut: a step never seems to have ended before it did. */
function instantOf(nanos: bigint): string {
  const date = new Date(Number(nanos / 1_000_000n));
  return Number.isNaN(date.getTime()) ? String(nanos) : date.toISOString();
}

/** As the contract writes a moment; what is none stays as it is, to be refused. */
function momentOf(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

type ErrorFields = Pick<OutsideStep, 'error_class' | 'error_code' | 'error_message'>;

/** What is said of an error, else what the span's last exception and its status tell. */
function errorOf(span: OtlpSpan, said: (name: string) => string): ErrorFields {
  const given = { class: said('error_class'), code: said('error_code'), message: said('error_message') };
  if (span.status.code !== ERROR)
    return { error_class: given.class as ErrorClass | '', error_code: given.code, error_message: given.message };
  const exception = span.events.findLast(({ name }) => name === 'exception')?.attributes;
  const code = given.code || exception?.get('exception.type') || span.attributes.get('error.type') || httpStatus(span);
  const message = given.message || exception?.get('exception.message') || span.status.message;
  return {
    error_class: (given.class || classOf(span)) as ErrorClass,
    error_code: code.slice(0, 200),
    error_message: message.slice(0, 2000),
  };
}

const httpStatus = ({ attributes }: OtlpSpan): string =>
  attributes.get('http.response.status_code') ?? attributes.get('http.status_code') ?? '';

/** Our taxonomy's word for what HTTP says went wrong; `internal` where nothing tells. */
function classOf(span: OtlpSpan): ErrorClass {
  const status = Number(httpStatus(span));
  if (status === 401 || status === 403) return 'auth';
  if (status === 408 || status === 504 || /timeout/i.test(span.attributes.get('error.type') ?? '')) return 'timeout';
  if (status === 409) return 'conflict';
  if (status === 429) return 'throttled';
  if (status >= 500) return 'unavailable';
  return status >= 400 ? 'rejected' : 'internal';
}

function attributesOf(span: OtlpSpan, service: string): Record<string, string> {
  const kept: Record<string, string> = { span_name: span.name, service_name: service };
  for (const [name, value] of span.attributes) {
    if (name.startsWith(REFERENCE)) kept[`ref_${name.slice(REFERENCE.length)}`] = value;
    if (name.startsWith(ATTRIBUTE)) kept[name.slice(ATTRIBUTE.length)] = value;
  }
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== ''));
}
