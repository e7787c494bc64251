import { expect, it } from 'vitest';
import { storeBatch } from '#contracts/v1/store.ts';
import { createCatalogue } from '../catalogue/catalogue.ts';
import { createRandom } from '../random.ts';
import { newStore, nextBatch } from './till.ts';

const items = createCatalogue('tills', 5).active;
const store = { id: 'store-001', currency: 'USD' as const, items, counted: items };
const now = new Date('2026-03-02T09:00:00.000Z');

it('an online order that is brought back is a receipt of which the till pays nothing, and no takings', () => {
  const line = { sku: items[0]?.sku ?? '', quantity: 1, net: '0.00', taxes: [], reason_code: 'too_small' };
  const back = [{ online_order: { channel: 'web-us', order: '1001' }, lines: [{ ...line, line_id: 'L1' }] }];
  const before = newStore('2026-03-02');
  const after = nextBatch(store, before, createRandom('1'), { now, today: '2026-03-02', receipts: 0, back });
  const [receipt] = storeBatch.parse(after.kept[0]).transactions;
  expect(receipt).toMatchObject({ id: '1-0001', kind: 'return', tenders: [], online_order: { order: '1001' } });
  expect([after.takings, after.tax]).toEqual([{}, 0]);
});

it('with the end of its day a store counts what it keeps', () => {
  const after = nextBatch(store, newStore('2026-03-01'), createRandom('1'), { now, today: '2026-03-02', receipts: 3 });
  const batch = storeBatch.parse(after.kept[0]);
  expect(batch.counts.map(({ sku }) => sku)).toEqual(items.map(({ sku }) => sku));
  expect(batch.end_of_day?.first_sequence).toBe(1);
});

it('a receipt is numbered by its till, and no two are numbered alike', () => {
  const setting = { now, today: '2026-03-02', receipts: 40 };
  const after = nextBatch(store, newStore('2026-03-02'), createRandom('1'), setting);
  const later = nextBatch(store, after, createRandom('1'), setting);
  const ids = later.kept.flatMap(({ transactions }) => transactions.map(({ id }) => id));
  expect(ids.slice(0, 4)).toEqual(['1-0001', '2-0001', '3-0001', '1-0002']);
  expect(new Set(ids).size).toBe(80);
});
