import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { type Refund, valueOf } from '../../../returns/refund.ts';
import { captureForShipment } from '../../order/rules/capture.ts';
import { refundForReturn, refundGiven } from './refund-for-return.ts';

const cents = (value: number, digits: number) =>
  new Decimal(value).dividedBy(new Decimal(10).pow(digits)).toFixed(digits);

/** An order whose parts add up, in a currency with or without a smaller unit. */
const orders = fc
  .record({
    currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    included: fc.boolean(),
    lines: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 7 }),
        price: fc.integer({ min: 1, max: 50_000 }),
        discount: fc.integer({ min: 0, max: 100 }),
        tax: fc.integer({ min: 0, max: 9_999 }),
        duties: fc.integer({ min: 0, max: 500 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    shipping: fc.integer({ min: 0, max: 2_000 }),
  })
  .map(({ currency, included, lines, shipping }): Order => {
    const digits = { USD: 2, JPY: 0, KWD: 3 }[currency] ?? 2;
    const text = (value: number) => cents(value, digits);
    const priced = lines.map(({ quantity, price, discount, tax, duties }, i) => {
      const gross = price * quantity;
      const off = Math.floor((gross * discount) / 100);
      return { quantity, price, off, tax: Math.min(tax, gross - off), duties, i };
    });
    const total = priced.reduce(
      (sum, { quantity, price, off, tax, duties }) => sum + price * quantity - off + (included ? 0 : tax) + duties,
      shipping,
    );
    const base = canonicalOrder({ currency });
    return {
      ...base,
      currency,
      taxes_included: included,
      lines: priced.map(({ quantity, price, off, tax, duties, i }) => ({
        line_id: `L${i}`,
        sku: `SKU-${i}`,
        title: 'Item',
        quantity,
        unit_price: text(price),
        discounts: off === 0 ? [] : [{ code: 'D', amount: text(off) }],
        taxes: tax === 0 ? [] : [{ code: 'T', rate: '0.1', amount: text(tax) }],
        duties: text(duties),
        requires_shipping: true,
        gift_card: false,
      })),
      shipping: shipping === 0 ? [] : [{ code: 'S', title: 'S', price: text(shipping), discounts: [], taxes: [] }],
      payments: [{ gateway: 'card', kind: 'authorization', amount: text(total), reference: 'pi_1' }],
      totals: { ...base.totals, tip: text(0), total: text(total) },
    };
  });

/** The order's units in any order, cut into returns. */
const returnsOf = (order: Order) =>
  fc
    .shuffledSubarray(
      order.lines.flatMap(({ line_id, quantity }) => Array.from({ length: quantity }, () => line_id)),
      { minLength: 1 },
    )
    .chain((units) =>
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: units.length, maxLength: units.length }).map((sizes) => {
        const parts: string[][] = [];
        for (let at = 0, i = 0; at < units.length; at += sizes[i++] ?? 1)
          parts.push(units.slice(at, at + (sizes[i] ?? 1)));
        return parts.map((part) => part.map((line_id) => ({ line_id, quantity: 1 })));
      }),
    );

function giveAll(order: Order, parts: { line_id: string; quantity: number }[][], taken: string): Refund[] {
  const before: Refund[] = [];
  for (const returned of parts)
    before.push(refundForReturn({ order, returned, before, taken, shipping: 'full_return' }));
  return before;
}

describe('refunds of the returns of one order', () => {
  test('never give back more than was taken, however it is cut up, and each is the sum of its parts', () => {
    fc.assert(
      fc.property(
        orders.chain((order) => fc.tuple(fc.constant(order), returnsOf(order), fc.integer({ min: 0, max: 100 }))),
        ([order, parts, percent]) => {
          const taken = new Decimal(order.totals.total).times(percent).dividedBy(100).toDecimalPlaces(0).toFixed();
          const refunds = giveAll(order, parts, taken);
          expect(new Decimal(sumAmounts(refunds.map(({ total }) => total))).lte(taken)).toBe(true);
          for (const refund of refunds) {
            expect(new Decimal(refund.total).isNegative()).toBe(false);
            expect(sumAmounts([valueOf(refund), refund.adjustment])).toBe(refund.total);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('give back exactly what was taken once everything has come back, to the smallest unit', () => {
    fc.assert(
      fc.property(
        orders.chain((order) => fc.tuple(fc.constant(order), returnsOf(order))),
        ([order, parts]) => {
          const gone = new Map<string, number>();
          for (const { line_id } of parts.flat()) gone.set(line_id, (gone.get(line_id) ?? 0) + 1);
          const rest = order.lines.flatMap(({ line_id, quantity }) => {
            const left = quantity - (gone.get(line_id) ?? 0);
            return left === 0 ? [] : [{ line_id, quantity: left }];
          });
          const refunds = giveAll(order, rest.length === 0 ? parts : [...parts, rest], order.totals.total);
          expect(new Decimal(sumAmounts(refunds.map(({ total }) => total))).eq(order.totals.total)).toBe(true);
          expect(refunds.every(({ adjustment }) => new Decimal(adjustment).isZero())).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of what shipped and was captured so far are short of it by roundings at most', () => {
    fc.assert(
      fc.property(
        orders.filter(({ lines }) => lines.length > 1),
        (order) => {
          const [first] = order.lines;
          if (first === undefined) return;
          const shipment = [{ line_id: first.line_id, quantity: first.quantity }];
          const captured = captureForShipment({ order, shipment, shippedBefore: [], capturedBefore: [] }).amount;
          const refund = refundForReturn({ order, returned: shipment, before: [], taken: captured, shipping: 'never' });
          const unit = new Decimal(10).pow(-(refund.total.split('.')[1]?.length ?? 0));
          expect(new Decimal(refund.adjustment).negated().lte(unit)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what a refund is made of', () => {
  const line = (more: object = {}) => ({
    line_id: 'L',
    sku: 'A',
    title: 'A',
    quantity: 3,
    unit_price: '10.00',
    discounts: [{ code: 'D', amount: '1.00' }],
    taxes: [{ code: 'VAT', rate: '0.2', amount: '5.00' }],
    duties: '0.30',
    requires_shipping: true,
    gift_card: false,
    ...more,
  });
  const order: Order = {
    ...canonicalOrder(),
    taxes_included: false,
    lines: [line()],
    shipping: [
      { code: 'S', title: 'S', price: '4.00', discounts: [], taxes: [{ code: 'VAT', rate: '0.2', amount: '0.80' }] },
    ],
  };
  const all = { order, returned: [{ line_id: 'L', quantity: 3 }], before: [], taken: '1000.00' };

  test('goods net of discounts, taxes, duties and, with the last of them, postage', () => {
    expect(refundForReturn({ ...all, shipping: 'full_return' })).toEqual({
      currency: order.currency,
      lines: [
        {
          line_id: 'L',
          sku: 'A',
          quantity: 3,
          net: '29.00',
          taxes: [{ code: 'VAT', rate: '0.2', amount: '5.00' }],
          duties: '0.30',
        },
      ],
      shipping: { net: '4.00', taxes: [{ code: 'VAT', rate: '0.2', amount: '0.80' }] },
      adjustment: '0.00',
      total: '39.10',
    });
    expect(refundForReturn({ ...all, shipping: 'never' }).total).toBe('34.30');
    expect(refundForReturn({ ...all, returned: [{ line_id: 'L', quantity: 1 }], shipping: 'full_return' }).total).toBe(
      '11.44',
    );
  });

  test('prices that include tax are taken apart', () => {
    const included = { ...order, taxes_included: true };
    const [refunded] = refundForReturn({ ...all, order: included, shipping: 'never' }).lines;
    expect(refunded).toMatchObject({ net: '24.00', taxes: [{ amount: '5.00' }] });
  });

  test('what a channel gave is credited in its own parts, the rest as an adjustment', () => {
    const given = {
      lines: [{ line_id: 'L', quantity: 1, net: '9.67', tax: '1.67' }],
      shipping: { net: '0.00', tax: '0.00' },
      total: '15.00',
    };
    expect(refundGiven(order, given)).toMatchObject({
      lines: [{ quantity: 1, net: '9.67', taxes: [{ code: 'VAT', amount: '1.67' }] }],
      adjustment: '3.66',
      total: '15.00',
    });
  });
});
