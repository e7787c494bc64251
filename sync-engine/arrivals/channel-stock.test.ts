import { expect, test } from 'vitest';
import { shopify } from '../connectors/shopify/index.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { ChannelStock, type ChannelStockOptions } from './channel-stock.ts';

const topic = shopify.topics?.['inventory_levels/update'] as TopicOf<'channel_stock'>;
const position = { sku: 'A', location: 'dc-one', on_hand: 9, reserved: 0, in_transit: 0, version: 3 };

/** The shop tells at `at` that it shows `shown`; it was told 9 at `sent_at`. */
function setUp(shown: number, at: string, sent_at: string, ordersTaken = true) {
  const drifted: number[] = [];
  const options: Omit<ChannelStockOptions, 'runner'> = {
    estate: smallEstate,
    stock: {
      positions: () =>
        Promise.resolve([{ ...position, as_of: sent_at, behind: [], confirmed: { web: { quantity: 9, sent_at } } }]),
      drifted: (drift) => {
        drifted.push(drift.shown);
        return Promise.resolve({ type: 'drifted', outcome: 'due' });
      },
    },
    call: (() =>
      Promise.resolve({
        items: [{ ref: '43', place: '71000000001', sku: 'A', quantity: shown }],
      })) as ChannelStockOptions['call'],
    ordersTaken: () => Promise.resolve(ordersTaken),
  };
  const handler = new ChannelStock(options as ChannelStockOptions);
  const headers = {
    'syncline-system': 'shop',
    'syncline-topic': 'inventory_levels/update',
    'syncline-received-at': at,
    'syncline-origin': 'live' as const,
  };
  const body = Buffer.from(
    `{"inventory_item_id":43,"location_id":71000000001,"available":${shown},"updated_at":"${at}"}`,
  );
  return { drifted, apply: (overdue: boolean) => handler.apply({ seq: 7, headers, body }, topic, overdue) };
}

test('what was sent in the second in which the shop changed may have come before it, in a later one it goes over it', async () => {
  const at = '2026-03-01T10:00:05Z';
  expect(await setUp(4, at, '2026-03-01T10:00:05.900Z').apply(false)).toBe('early');
  expect(await setUp(4, at, '2026-03-01T10:00:06.000Z').apply(false)).toBe('applied');
});

test('less than was confirmed is published over only once the orders are taken; more is at once', async () => {
  const [at, sent] = ['2026-03-01T10:00:05Z', '2026-03-01T10:00:01.000Z'];
  const sold = setUp(4, at, sent, false);
  expect([await sold.apply(true), sold.drifted]).toEqual(['early', []]);
  const taken = setUp(4, at, sent, true);
  expect([await taken.apply(true), taken.drifted]).toEqual(['applied', [4]]);
  const more = setUp(12, at, sent, false);
  expect([await more.apply(true), more.drifted]).toEqual(['applied', [12]]);
});
