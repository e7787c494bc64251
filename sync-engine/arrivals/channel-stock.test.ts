import { expect, test } from 'vitest';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { shopify } from '../connectors/shopify/index.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { ChannelStock, type ChannelStockOptions } from './channel-stock.ts';

const topic = shopify.topics?.['inventory_levels/update'] as TopicOf<'channel_stock'>;
const [AT, SENT] = ['2026-03-01T10:00:05Z', '2026-03-01T10:00:01.000Z'];
const quantities = { on_hand: 9, reserved: 0, in_transit: 0, version: 3, as_of: SENT, behind: [] };

/** The shop tells at `AT` that it shows `shown` of its item 43, which is our A; it was told 9 at `sent_at`. */
function setUp({ shown = 4, sent_at = SENT, ordersTaken = true, skus = new Map([['43', 'A']]), ours = ['A', 'B'] }) {
  const drifted: [string, number][] = [];
  let asked = 0;
  const answer = { items: [{ ref: '43', place: '71000000001', sku: 'A', quantity: shown }] };
  const options: Omit<ChannelStockOptions, 'runner'> = {
    estate: smallEstate,
    stock: {
      positions: (wanted) => {
        const confirmed = { web: { quantity: 9, sent_at } };
        return Promise.resolve(
          wanted
            .filter((sku) => ours.includes(sku))
            .map((sku) => ({ sku, location: 'dc-one', ...quantities, confirmed })),
        );
      },
      drifted: ({ sku, shown: now }) => {
        drifted.push([sku, now]);
        return Promise.resolve({ type: 'drifted', outcome: 'due' });
      },
    },
    call: (() => {
      asked++;
      return Promise.resolve(answer);
    }) as ChannelStockOptions['call'],
    items: {
      sku: (_, item) => Promise.resolve(skus.get(item)),
      learn: (_, item, sku) => Promise.resolve(void skus.set(item, sku)),
    },
    ordersTaken: () => Promise.resolve(ordersTaken),
  };
  const handler = new ChannelStock(options as ChannelStockOptions);
  const headers = {
    'syncline-system': 'shop',
    'syncline-topic': 'inventory_levels/update',
    'syncline-received-at': AT,
    'syncline-origin': 'live' as const,
  };
  const level = { inventory_item_id: 43, location_id: 71000000001, available: shown, updated_at: AT };
  const body = Buffer.from(JSON.stringify(level));
  const apply = (overdue: boolean) => handler.apply({ seq: 7, headers, body }, topic, overdue);
  return { drifted, skus, apply, asked: () => asked };
}

test('what was sent in the second in which the shop changed may have come before it, in a later one it goes over it', async () => {
  expect(await setUp({ sent_at: '2026-03-01T10:00:05.900Z' }).apply(false)).toBe('early');
  expect(await setUp({ sent_at: '2026-03-01T10:00:06.000Z' }).apply(false)).toBe('applied');
});

test('less than was confirmed is published over only once the orders are taken; more is at once', async () => {
  const sold = setUp({ ordersTaken: false });
  const late = { early: 'long', problems: [expect.objectContaining({ error_code: 'orders_not_taken' }) as unknown] };
  expect([await sold.apply(true), sold.drifted]).toEqual([late, []]);
  const taken = setUp({});
  expect([await taken.apply(true), taken.drifted]).toEqual(['applied', [['A', 4]]]);
  const more = setUp({ shown: 12, ordersTaken: false });
  expect([await more.apply(true), more.drifted]).toEqual(['applied', [['A', 12]]]);
});

test('the shop is asked once for the SKU of an item of its own, and never where that is known', async () => {
  const unknown = setUp({ skus: new Map() });
  for (let i = 0; i < 5; i++) await unknown.apply(false);
  expect([unknown.asked(), unknown.skus.get('43')]).toEqual([1, 'A']);
  const known = setUp({});
  expect([await known.apply(false), known.asked()]).toEqual(['early', 0]);
});

test('an item to which the shop gave another SKU is judged by that one', async () => {
  const renamed = setUp({ skus: new Map([['43', 'B']]) });
  expect([await renamed.apply(true), renamed.drifted]).toEqual(['applied', [['A', 4]]]);
  expect(renamed.skus.get('43')).toBe('A');
});

test('and one whose first SKU was none of ours is looked up anew, so that it is judged by the SKU it has now', async () => {
  const draft = setUp({ skus: new Map([['43', 'TEMP-1']]) });
  expect([await draft.apply(false), draft.skus.get('43'), draft.drifted]).toEqual(['early', 'A', []]);
  expect([await draft.apply(true), draft.drifted]).toEqual(['applied', [['A', 4]]]);
  const nobodys = setUp({ ours: [] });
  expect([await nobodys.apply(false), nobodys.asked(), nobodys.drifted]).toEqual(['applied', 1, []]);
});
