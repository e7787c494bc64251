import { createHash } from 'node:crypto';
import { withoutEmails } from '#contracts/v1/personal-data.ts';
import type { ClickHouse } from '#platform/clickhouse/client.ts';
import type { Objection } from '../outside/outside-step.ts';
import { withToken } from '../land.ts';
import { ownAttributes } from './own-attributes.ts';

export interface RejectedSpan extends Objection {
  /** As it came; ids as hex. */
  span: unknown;
}

/** Of a span that says nothing useful, more is not needed to find its sender. */
const LONGEST_RAW = 20_000;

/**
 * Keeps rejected spans among the rejected steps, each with its reason. They never were on a stream, so `stream` says how
 * they came and `stream_seq` counts within the request; one that is sent again is kept once.
 * @throws ClickHouseFailure
 */
export async function keepRejected(
  clickhouse: ClickHouse,
  client: string,
  rejected: readonly RejectedSpan[],
  now: Date,
): Promise<void> {
  const kept = rejected
    .map(({ span, field, reason }) => ({
      stream: 'OTLP',
      subject: client,
      reason,
      path: field === '' ? '' : `/${field}`,
      raw: JSON.stringify(ownOf(span), readable).slice(0, LONGEST_RAW),
      shard: 0,
    }))
    // In an order of their own: transactions are appended to side by side.
    .sort((a, b) => (`${a.raw} ${a.reason}` < `${b.raw} ${b.reason}` ? -1 : 1))
    .map((row, i) => ({ ...row, stream_seq: i }));
  const token = `otlp:${createHash('sha256').update(JSON.stringify(kept)).digest('hex')}`;
  const rows = kept.map((row) => JSON.stringify({ ...row, arrived_at: now.toISOString() }));
  await clickhouse.insertRaw('rejected_steps', Buffer.from(rows.join('\n')), withToken(token));
}

const FIELDS = ['traceId', 'spanId', 'parentSpanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano', 'status'];

/**
 * What of a span is meant for us, and its name and status, by which people find it at its sender: its other attributes and
 * its events may hold personal data.
 */
function ownOf(span: unknown): object {
  const fields = Object.entries(Object(span) as object).filter(([name]) => FIELDS.includes(name));
  return { ...Object.fromEntries(fields), attributes: ownAttributes(span) };
}

/** Ids as hex; what people wrote, without e-mail addresses. */
function readable(this: unknown, name: string, value: unknown): unknown {
  if ((name === 'name' || name === 'message') && typeof value === 'string') return withoutEmails(value);
  // Buffers have become their own JSON by the time a replacer sees them.
  const original: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, name) : undefined;
  return original instanceof Uint8Array ? Buffer.from(original).toString('hex') : value;
}
