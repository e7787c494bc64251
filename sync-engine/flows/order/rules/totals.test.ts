import { describe, expect, test } from 'vitest';
import { canonicalOrder, line } from '#tests/fixtures/canonical-order.ts';
import { checkTotals } from './totals.ts';

const order = canonicalOrder();
const withTotals = (changes: Partial<typeof order.totals>) =>
  canonicalOrder({ totals: { ...order.totals, ...changes } });

describe('totals', () => {
  test('of an order that adds up raise no problem', () => {
    expect(checkTotals(order, '0.00')).toEqual([]);
  });
  test('of an order whose prices include tax add up without adding the tax', () => {
    const included = canonicalOrder({
      taxes_included: true,
      totals: { ...order.totals, total: '132.49' },
      payments: [{ gateway: 'card', kind: 'authorization', amount: '132.49', reference: 'r' }],
    });
    expect(checkTotals(included, '0.00')).toEqual([]);
  });
  test.each([
    ['subtotal', 'subtotal_differs'],
    ['discount', 'discount_differs'],
    ['shipping', 'shipping_differs'],
    ['tax', 'tax_differs'],
    ['duties', 'duties_differ'],
  ] as const)('a wrong %s is named, and so is the total it breaks', (field, code) => {
    const problems = checkTotals(withTotals({ [field]: '500.01' }), '0.00');
    expect(problems.map(({ error_code, path }) => [error_code, path])).toEqual([
      [code, `/totals/${field}`],
      ['total_differs', '/totals/total'],
    ]);
  });
  test('a wrong total also differs from the payments', () => {
    const problems = checkTotals(withTotals({ total: '138.09' }), '0.00');
    expect(problems.map(({ error_code }) => error_code)).toEqual(['total_differs', 'payments_differ']);
    expect(problems[0]?.message).toBe('The parts make 138.08 USD, but the order says 138.09 (difference 0.01).');
    expect(problems[0]).toMatchObject({ error_class: 'totals', document: 'canonical' });
  });
  test('differences up to the tolerance pass, beyond it they do not', () => {
    expect(checkTotals(withTotals({ total: '138.10' }), '0.02')).toEqual([]);
    expect(checkTotals(withTotals({ total: '138.11' }), '0.02')).toHaveLength(2);
  });
  test('an order that is not paid yet is no contradiction', () => {
    expect(checkTotals(canonicalOrder({ payments: [] }), '0.00')).toEqual([]);
  });
  test('gift card and card together pay the total', () => {
    const payments = [
      { gateway: 'gift_card', kind: 'gift_card', amount: '38.08', reference: 'g' },
      { gateway: 'card', kind: 'authorization', amount: '100.00', reference: 'r' },
    ] as const;
    expect(checkTotals(canonicalOrder({ payments: [...payments] }), '0.00')).toEqual([]);
  });
  test('cents that a float would lose are seen', () => {
    const lines = [line({ unit_price: '0.10', quantity: 3 })];
    const totals = {
      subtotal: '0.30',
      discount: '0.00',
      shipping: '0.00',
      tax: '0.00',
      duties: '0.00',
      tip: '0.00',
      total: '0.30',
    };
    expect(checkTotals(canonicalOrder({ lines, totals, shipping: [], payments: [] }), '0')).toEqual([]);
  });
  test('a discount beyond its line, a negative price and a negative payment are named', () => {
    const broken = canonicalOrder({
      lines: [line({ unit_price: '-1.00' }), line({ discounts: [{ code: 'X', amount: '10.01' }] })],
      payments: [{ gateway: 'card', kind: 'sale', amount: '-1.00', reference: 'r' }],
    });
    const found = checkTotals(broken, '1000').map(({ error_code, path }) => [error_code, path]);
    expect(found).toEqual([
      ['negative_price', '/lines/0/unit_price'],
      ['discount_exceeds_price', '/lines/1/discounts'],
      ['negative_payment', '/payments/0/amount'],
    ]);
  });
});
