import { describe, expect, test } from 'vitest';
import { isTransactionKey, transactionKey } from '#contracts/v1/key.ts';
import { returnReason } from '#contracts/v1/returns.ts';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { shortOf } from '../../../returns/return-book.ts';
import { dispositionOf } from './disposition.ts';
import { mapReasons, namedLines, tooMany } from './lines.ts';
import { otherCurrency } from './refund-currency.ts';
import { refundKey } from './refund-key.ts';
import { restockChanges } from './restock.ts';
import { sharesOf, takenOf } from './shares.ts';

const order = canonicalOrder();
const [first] = order.lines;
const named = (more: object) => ({ quantity: 1, condition: 'sellable' as const, path: '/lines/0', ...more });

describe('the lines of a return', () => {
  test('are named by their id or by a SKU that stands once', () => {
    const byId = namedLines(order, [named({ line_id: first?.line_id })]);
    const bySku = namedLines(order, [named({ sku: first?.sku })]);
    expect(byId).toEqual(bySku);
    expect(byId).toMatchObject({ lines: [{ line_id: first?.line_id, sku: first?.sku, quantity: 1 }] });
  });

  test('that cannot be told are named by their field', () => {
    const twice = { ...order, lines: order.lines.map((line) => ({ ...line, sku: 'SAME' })) };
    expect(namedLines(order, [named({ line_id: 'none' })])).toMatchObject({ problems: [{ path: '/lines/0/line_id' }] });
    expect(namedLines(order, [named({ sku: 'NONE' })])).toMatchObject({ problems: [{ path: '/lines/0/sku' }] });
    expect(namedLines(order, [named({ line_id: first?.line_id, sku: 'OTHER' })])).toMatchObject({
      problems: [{ error_code: 'wrong_sku' }],
    });
    expect(namedLines(twice, [named({ sku: 'SAME' })])).toMatchObject({ problems: [{ error_code: 'ambiguous_line' }] });
  });
});

describe('units that can come back', () => {
  const shipped = new Map([['L', 3]]);
  const since = new Date('2026-03-01T00:00:00.000Z');
  const booked = (key: string, quantity: number, received: boolean, requested_at = '2026-03-02T00:00:00.000Z') => ({
    key,
    number: key,
    requested_at,
    received,
    lines: [{ line_id: 'L', quantity }],
  });
  const claim = (quantity: number) => ({ key: 'mine', lines: [{ line_id: 'L', quantity }] });

  test('are those that shipped, less what came back and what is on its way', () => {
    expect(shortOf(claim(1), [booked('a', 1, true), booked('b', 1, false)], shipped, since)).toEqual([]);
    expect(shortOf(claim(2), [booked('a', 1, true), booked('b', 1, false)], shipped, since)).toEqual([
      { line_id: 'L', left: 1 },
    ]);
  });

  test('include those of a request whose goods never came', () => {
    const old = booked('a', 3, false, '2026-01-01T00:00:00.000Z');
    expect(shortOf(claim(3), [old], shipped, since)).toEqual([]);
    expect(shortOf(claim(3), [{ ...old, received: true }], shipped, since)).toEqual([{ line_id: 'L', left: 0 }]);
  });

  test('count what the same return claimed before only once', () => {
    expect(shortOf(claim(3), [booked('mine', 3, false)], shipped, since)).toEqual([]);
  });

  test('that are too many are named with what is left', () => {
    const lines = [
      {
        line_id: first?.line_id ?? '',
        sku: first?.sku ?? '',
        quantity: 9,
        reason_code: '',
        condition: 'unknown' as const,
      },
    ];
    const [problem] = tooMany(order, lines, [named({})], [{ line_id: first?.line_id ?? '', left: 2 }]);
    expect(problem).toMatchObject({ error_code: 'returned_too_many', path: '/lines/0/quantity' });
    expect(problem?.message).toContain('only 2 have shipped');
  });
});

describe('reasons', () => {
  const line = (reason_code: string) => ({
    line_id: 'L',
    sku: 'A',
    quantity: 1,
    reason_code,
    condition: 'unknown' as const,
  });
  const map = (reason_code: string, required = false) =>
    mapReasons([line(reason_code)], {
      system: 'wms',
      mapping: (code) => ({ A1: 'defective', A2: 'nonsense' })[code],
      paths: ['/lines/0'],
      required,
    });

  test('are mapped, or are our own words already', () => {
    expect(map('A1')).toMatchObject({ lines: [{ reason: 'defective' }] });
    for (const reason of returnReason.options) expect(map(reason)).toMatchObject({ lines: [{ reason }] });
  });

  test('that nobody mapped, or mapped to nothing we know, name the mapping', () => {
    for (const code of ['B7', 'A2'])
      expect(map(code)).toMatchObject({
        problems: [{ path: '/lines/0/reason_code', missing_mapping: { kind: 'return_reason', system: 'wms', code } }],
      });
  });

  test('may be left to the receipt, not beyond it', () => {
    expect(map('')).toMatchObject({ lines: [{ reason_code: '' }] });
    expect(map('', true)).toMatchObject({ problems: [{ error_code: 'missing_reason_code' }] });
  });
});

test.each([
  [{ condition: 'sellable' }, 'restock'],
  [{ condition: 'sellable', disposition: 'vendor' }, 'vendor'],
  [{ condition: 'damaged', disposition: 'restock' }, 'scrap'],
  [{ condition: 'defective' }, 'vendor'],
  [{ condition: 'defective', disposition: 'scrap' }, 'scrap'],
  [{ condition: 'unknown', reason: 'defective' }, 'vendor'],
  [{ condition: 'unknown', reason: 'damaged_in_transit' }, 'scrap'],
  [{ condition: 'unknown', reason: 'too_small' }, 'restock'],
] as const)('goods that are %o go to %s', (goods, wanted) => {
  expect(dispositionOf(goods)).toBe(wanted);
});

describe('goods that go back into stock', () => {
  const key = 'market==return-RMA-1';
  const goods = { at: '2026-03-02T00:00:00.000Z', location: 'dc-one', system: 'wms-one', version: 7 };
  const line = (line_id: string, quantity: number, disposition: 'restock' | 'scrap' = 'restock') => ({
    line_id,
    sku: `SKU-${line_id}`,
    quantity,
    reason_code: '',
    condition: 'unknown' as const,
    disposition,
  });

  test('are one change a line, however often the return names it', () => {
    const changes = restockChanges(key, goods, [line('A', 1), line('B', 4), line('A', 2), line('A', 8, 'scrap')]);
    expect(changes.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['SKU-A', 3],
      ['SKU-B', 4],
    ]);
    expect(new Set(changes.map(({ change_id }) => change_id)).size).toBe(2);
    expect(changes[0]).toMatchObject({ source: 'wms-one', location: 'dc-one', version: 7, occurred_at: goods.at });
  });

  test('are none where nobody says where they lie', () => {
    expect(restockChanges(key, { ...goods, location: '' }, [line('A', 1)])).toEqual([]);
  });
});

describe('the payments of an order', () => {
  const payment = (kind: 'authorization' | 'sale' | 'gift_card', amount: string) => ({
    gateway: kind,
    kind,
    amount,
    reference: kind,
  });
  const paid = {
    order: { currency: 'USD', payments: [payment('gift_card', '20.00'), payment('authorization', '80.00')] },
    captured: ['50.00', '30.00'],
  };

  test('have taken what was captured and what was paid at once', () => {
    expect(takenOf(paid)).toBe('100.00');
    expect(takenOf({ ...paid, captured: [] })).toBe('20.00');
  });

  test('give back each what it took, gift cards last', () => {
    const card = { reference: 'authorization', gift_card: false };
    const gift = { reference: 'gift_card', gift_card: true };
    expect(sharesOf(paid, '50.00', [])).toEqual([{ ...card, amount: '50.00' }]);
    expect(sharesOf(paid, '50.00', ['50.00'])).toEqual([
      { ...card, amount: '30.00' },
      { ...gift, amount: '20.00' },
    ]);
    expect(sharesOf(paid, '10.00', ['85.00'])).toEqual([{ ...gift, amount: '10.00' }]);
  });
});

test('what a shop gave in another currency than the order’s names the place, and what it gave in the order’s does not', () => {
  const given = (...codes: string[]) => ({
    currencies: codes.map((code, i) => ({ code, path: `/transactions/${i}/currency` })),
  });
  expect(otherCurrency(order, given('USD', 'CAD'))).toMatchObject({
    error_code: 'refund_currency_differs',
    path: '/transactions/1/currency',
    document: 'received',
    message: expect.stringContaining('kept in USD') as string,
  });
  expect(otherCurrency(order, given('USD'))).toBeUndefined();
  expect(otherCurrency(order, given())).toBeUndefined();
  expect(otherCurrency(order, undefined)).toBeUndefined();
});

test('no payment of a return goes by the key of another return’s, whatever numbers returns have', () => {
  const key = (number: string) => transactionKey('market', `return-${number}`);
  const keys = ['RMA-1', 'RMA-1-2', 'RMA-1~2'].flatMap((number) =>
    [0, 1, 2].map((made) => refundKey(key(number), made)),
  );
  expect(new Set(keys).size).toBe(9);
  expect(refundKey(key('RMA-1'), 0)).toBe('ref-market==return-RMA-1');
  expect(isTransactionKey(refundKey(key('RMA-1'), 1).slice('ref-'.length))).toBe(false);
});
