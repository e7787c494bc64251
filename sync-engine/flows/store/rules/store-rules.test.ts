import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Location } from '#contracts/v1/estate.ts';
import { returnRequest } from '#contracts/v1/fulfilment.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { storeBatch, type StoreBatch, type TillTransaction } from '#contracts/v1/store.ts';
import { Decimal, sumAmounts } from '#sync-engine/money.ts';
import { settled } from '../../../arrivals/store-sequences.ts';
import { numberOfReturn } from '../../../connectors/pos/store-return.ts';
import { returnName } from '../../return/return-data.ts';
import { emptyTotals } from '../store-data.ts';
import { checkBatch } from './check-batch.ts';
import { dayJournal } from './day-journal.ts';
import { onlineReturnsOf } from './online-returns.ts';
import { reconcile } from './reconcile.ts';
import { stockChangesOf } from './stock-changes.ts';
import { addReceipts } from './totals.ts';

const cents = fc.integer({ min: 0, max: 10_000_00 }).map((units) => new Decimal(units).dividedBy(100).toFixed(2));
const receipt = fc
  .record({
    kind: fc.constantFrom<TillTransaction['kind']>('sale', 'return'),
    lines: fc.array(fc.record({ net: cents, tax: cents }), { minLength: 1, maxLength: 4 }),
    tender: fc.constantFrom('cash' as const, 'card' as const, 'gift_card' as const),
    online: fc.boolean(),
  })
  .map(({ kind, lines, tender, online }): TillTransaction => ({
    id: '1',
    kind,
    at: '2026-03-02T09:00:00.000Z',
    lines: lines.map(({ net, tax }) => ({ sku: 'A', quantity: 1, net, taxes: [{ code: 'T', amount: tax }] })),
    tenders: [{ tender, amount: sumAmounts(lines.flatMap(({ net, tax }) => [net, tax])) }],
    ...(online && kind === 'return' ? { online_order: { channel: 'web', order: '1001' } } : {}),
  }));
const store: Location = {
  id: 'store-001',
  name: 'Fifth Avenue',
  kind: 'store',
  region: 'us',
  legal_entity: 'us-retail',
  safety_stock: 0,
};
const endOf = (cash: string) => ({ first_sequence: 1, takings: [], tax: '0.00', counted_cash: cash });

const batchWith = (transactions: TillTransaction[], rest: Partial<StoreBatch> = {}) =>
  storeBatch.parse({
    schema_version: 1,
    store: 'store-001',
    sequence: 1,
    business_date: '2026-03-02',
    generated_at: '2026-03-02T09:05:00.000Z',
    currency: 'USD',
    transactions,
    ...rest,
  });

describe('a day of receipts', () => {
  test('is a journal that balances to the cent, whatever was counted and whosever sales they are', () => {
    const ownerships = fc.constantFrom('owned' as const, 'concession' as const, 'franchise' as const);
    fc.assert(
      fc.property(fc.array(receipt, { maxLength: 12 }), cents, ownerships, (receipts, counted, ownership) => {
        const terms = { ...store, store: { ownership, commission_percent: '18' } };
        const day = { store: terms, businessDate: '2026-03-02', currency: 'USD', postingKey: 'day-1' };
        // The contract refuses what does not balance.
        const posted = dayJournal({ ...day, totals: addReceipts(emptyTotals, receipts), end: endOf(counted) });
        expect('lines' in posted || posted.nothing !== '').toBe(true);
      }),
    );
  });

  test('comes to the same in whatever parts it arrives', () => {
    fc.assert(
      fc.property(fc.array(receipt, { maxLength: 8 }), fc.nat(8), (receipts, cut) => {
        const parts = addReceipts(addReceipts(emptyTotals, receipts.slice(0, cut)), receipts.slice(cut));
        expect(parts).toEqual(addReceipts(emptyTotals, receipts));
      }),
    );
  });
});

test('an online order that comes back is paid out and cleared, and is no return of the store’s own sales', () => {
  const taken = (kind: TillTransaction['kind'], online: boolean): TillTransaction => ({
    id: '1',
    kind,
    at: '2026-03-02T09:00:00.000Z',
    lines: [{ sku: 'A', quantity: 1, net: '20.00', taxes: [{ code: 'T', amount: '4.00' }] }],
    tenders: [{ tender: 'cash', amount: '24.00' }],
    ...(online ? { online_order: { channel: 'web', order: '1001' } } : {}),
  });
  const receipts = [taken('sale', false), taken('return', true)];
  expect(addReceipts(emptyTotals, receipts)).toEqual({
    transactions: 2,
    sales: '20.00',
    returns: '0.00',
    tax: '4.00',
    tenders: { cash: '0.00' },
    online_returns: '24.00',
  });
  const batch = batchWith(receipts);
  expect(stockChangesOf(batch, 'tills').map(({ quantity }) => quantity)).toEqual([-1]);
  expect(onlineReturnsOf(batch).map(({ receipt: one }) => one.online_order.order)).toEqual(['1001']);
});

test('a receipt that stands in one batch twice is named, whatever it is the second time', () => {
  const estate = { locations: [store], legal_entities: [] };
  const taken = (id: string, kind: TillTransaction['kind']): TillTransaction => ({
    id,
    kind,
    at: '2026-03-02T09:00:00.000Z',
    lines: [{ sku: 'A', quantity: 1, net: '20.00', taxes: [] }],
    tenders: [{ tender: 'cash', amount: '20.00' }],
  });
  const check = (...receipts: TillTransaction[]) =>
    checkBatch(batchWith(receipts), { estate, system: 'tills', isProduct: () => true });
  expect(check(taken('1', 'sale'), taken('2', 'sale'))).toEqual([]);
  expect(check(taken('1', 'sale'), taken('2', 'sale'), taken('1', 'return'))).toMatchObject([
    { error_code: 'receipt_repeated', path: '/transactions/2/id', message: expect.stringContaining('"1"') as unknown },
  ]);
});

test('no two receipts come to the same return, whatever their stores and tills call them', () => {
  const named = fc.record({
    store: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/),
    sequence: fc.integer({ min: 1, max: 200 }),
    business_date: fc.constantFrom('2026-03-02', '2026-03-03'),
    id: fc.stringMatching(/^[0-9.-]{1,6}$/),
  });
  const numberOf = ({ id, ...rest }: { id: string } & Partial<StoreBatch>) => {
    const taken: TillTransaction = {
      id,
      kind: 'return',
      at: '2026-03-02T09:00:00.000Z',
      lines: [{ sku: 'A', quantity: 1, net: '20.00', taxes: [] }],
      tenders: [],
      online_order: { channel: 'web', order: '1001' },
    };
    return onlineReturnsOf(batchWith([taken], rest)).map(numberOfReturn);
  };
  fc.assert(
    fc.property(named, named, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(JSON.stringify(numberOf(one)) === JSON.stringify(numberOf(other))).toBe(same);
    }),
  );
});

test('a return of the longest number has room everywhere; one whose characters make its key too long is named', () => {
  const estate = { locations: [{ ...store, id: 's'.repeat(63) }], legal_entities: [] };
  const system = 't'.repeat(63);
  const batchOf = (id: string, kind: TillTransaction['kind'] = 'return') => {
    const online = kind === 'return' ? { online_order: { channel: 'web', order: '1001' } } : {};
    const lines = [{ sku: 'A', quantity: 1, net: '20.00', taxes: [] }];
    const tenders = [{ tender: 'cash' as const, amount: '20.00' }];
    const taken: TillTransaction = { id, kind, at: '2026-03-02T09:00:00.000Z', lines, tenders, ...online };
    return batchWith([taken], { store: 's'.repeat(63), sequence: Number.MAX_SAFE_INTEGER });
  };
  const check = (batch: StoreBatch) => checkBatch(batch, { estate, system, isProduct: () => true });
  const longest = batchOf('9'.repeat(64));
  expect(check(longest)).toEqual([]);
  const [number = ''] = onlineReturnsOf(longest).map(numberOfReturn);
  expect([number.length, returnRequest.shape.return_id.safeParse(number).success]).toEqual([156, true]);
  expect(transactionKey(system, returnName(number))).toHaveLength(234);
  const unusual = '#'.repeat(64);
  expect(check(batchOf(unusual))).toMatchObject([
    { error_class: 'validation', error_code: 'receipt_number_too_long', path: '/transactions/0/id' },
  ]);
  expect(check(batchOf(unusual, 'sale'))).toEqual([]);
});

test('a difference within the tolerance is none; above it the tender is named', () => {
  const totals = { ...emptyTotals, tenders: { cash: '10.00' } };
  const end = { ...endOf('10.00'), takings: [{ tender: 'cash' as const, amount: '10.05' }] };
  expect(reconcile(totals, end, '0.05')).toEqual([]);
  expect(reconcile(totals, end, '0.04').map(({ path }) => path)).toEqual(['/end_of_day/takings/0/amount']);
  expect(reconcile({ ...totals, tenders: { card: '1.00' } }, endOf('0'), '0').map(({ path }) => path)).toEqual([
    '/end_of_day/takings',
  ]);
});

test('a mark moves over what was settled beyond it, and never back', () => {
  expect(settled({ sequence: 4, beyond: [6, 7] }, 5)).toEqual({ sequence: 7, beyond: [] });
  expect(settled({ sequence: 4, beyond: [] }, 6)).toEqual({ sequence: 4, beyond: [6] });
  expect(settled({ sequence: 4, beyond: [6] }, 6)).toBeUndefined();
  expect(settled({ sequence: 4, beyond: [] }, 3)).toBeUndefined();
});
