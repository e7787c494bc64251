import { expect, test } from 'vitest';
import { withoutOldUpdates } from './order-arrivals.ts';

test('however often a channel updates an order, its shipments and its cancellation stay known', () => {
  let signals = ['cancel', 'shipment:S1', 'delivery:S1'];
  for (let seq = 1; seq <= 200; seq++) signals = [...withoutOldUpdates(signals), `update:${seq}`];
  expect(signals.slice(0, 3)).toEqual(['cancel', 'shipment:S1', 'delivery:S1']);
  expect(signals).toHaveLength(53);
  expect(signals.slice(3, 4)).toEqual(['update:151']);
  expect(signals.at(-1)).toBe('update:200');
});
