import { expect, it } from 'vitest';
import { fieldWord, remedyOf } from './rejected.ts';

const event = (reason: string, path = '') => ({ stream: 'STEPS', path, reason });
const span = (reason: string) => ({ stream: 'OTLP', path: '', reason });

it.each([
  [span('its transaction is carried by the sync engine, which alone writes to it'), 'Let the collector leave'],
  [span('its transaction is written by another producer (x)'), 'its steps must come from one'],
  [span('is not of "shop", the only system that this API key may tell of'), 'an API key of its own system'],
  [span('expected 16 hex digits'), 'send the span again'],
  [event('ClickHouse cannot read it (its error 117, Duplicate field)'), 'names a field twice'],
  [event('is not JSON at character 17'), 'is no event'],
  [event('does not belong to the subject steps.1.order_to_cash.a it came on', '/key'), 'flow and key'],
  [event('lies more than a day ahead: 2030-01-01T00:00:00.000Z', '/started_at'), 'clock'],
  [event('carries a name that is reserved: shard'), 'Leave out the names'],
  [event('must be string', '/attributes/sku'), 'Correct attributes.sku at the producer'],
])('tells what to do about %o', (rejected, words) => {
  expect(remedyOf(rejected)).toContain(words);
});

it('names the field, or the event as a whole', () => {
  expect(fieldWord('/attributes/sku')).toBe('attributes.sku');
  expect(fieldWord('')).toBe('the whole event');
});
