import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { canonicalOrder, line } from '#tests/fixtures/canonical-order.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { authorisedAmount, captureForShipment } from './capture.ts';
import { checkShipment, linesRemaining, unitsRemaining, type LineQuantity } from './lines-remaining.ts';

const order = canonicalOrder();
const of = (line_id: string, quantity: number): LineQuantity => ({ line_id, quantity });
const first = { order, shipment: [of('11', 1)], shippedBefore: [], capturedBefore: [] };

describe('what to capture for a shipment', () => {
  test('one complete shipment captures what was authorised', () => {
    const all = { ...first, shipment: [of('11', 2), of('12', 1)] };
    expect(captureForShipment(all)).toEqual({ amount: '138.08', final: true });
  });
  test('the first of two captures its goods with shipping, tip and gift card, the last the remainder', () => {
    // Half of line 11: (60.00 - 6.00 + 4.59 + 2.50) / 2 = 30.545; gift card 50.00; shipping 5.20; tip 1.00.
    expect(captureForShipment(first)).toEqual({ amount: '86.74', final: false });
    expect(
      captureForShipment({
        ...first,
        shipment: [of('11', 1), of('12', 1)],
        shippedBefore: [of('11', 1)],
        capturedBefore: ['86.74'],
      }),
    ).toEqual({ amount: '51.34', final: true });
  });
  test('cancelled lines are not captured', () => {
    const capture = captureForShipment({ ...first, shipment: [of('11', 2)], cancelled: [of('12', 1)] });
    expect(capture).toEqual({ amount: '117.29', final: true });
  });
  test('where a gift card paid a part, each shipment draws on both in proportion', () => {
    const mixed = canonicalOrder({
      payments: [
        { gateway: 'gift_card', kind: 'gift_card', amount: '69.04', reference: 'g' },
        { gateway: 'card', kind: 'authorization', amount: '69.04', reference: 'r' },
      ],
    });
    expect(authorisedAmount(mixed)).toBe('69.04');
    expect(captureForShipment({ ...first, order: mixed }).amount).toBe('43.37');
  });
  test('nothing is captured where everything was paid at the checkout', () => {
    const paid = canonicalOrder({ payments: [{ gateway: 'card', kind: 'sale', amount: '138.08', reference: 'r' }] });
    expect(captureForShipment({ ...first, order: paid })).toEqual({ amount: '0.00', final: false });
  });
  test('a currency without cents is captured without cents', () => {
    const yen = canonicalOrder({
      currency: 'JPY',
      payments: [{ gateway: 'card', kind: 'authorization', amount: '1000', reference: 'r' }],
    });
    expect(captureForShipment({ ...first, order: yen }).amount).toMatch(/^\d+$/);
  });

  const cents = (max: number) => fc.integer({ min: 0, max }).map((n) => new Decimal(n).dividedBy(100).toFixed(2));
  const anyOrder: fc.Arbitrary<Order> = fc
    .record({
      lines: fc.array(
        fc.record({
          quantity: fc.integer({ min: 1, max: 7 }),
          price: cents(100_000),
          tax: cents(5_000),
          ships: fc.boolean(),
        }),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      shipping: cents(5_000),
      tip: cents(2_000),
      authorised: cents(1_000_000),
      included: fc.boolean(),
    })
    .map(({ lines, shipping, tip, authorised, included }) =>
      canonicalOrder({
        taxes_included: included,
        lines: lines.map(({ quantity, price, tax, ships }, i) =>
          line({
            line_id: String(i),
            quantity,
            unit_price: price,
            requires_shipping: ships || i === 0,
            taxes: [{ code: 'T', rate: '0', amount: tax }],
          }),
        ),
        shipping: [{ code: '', title: '', price: shipping, discounts: [], taxes: [] }],
        payments: [{ gateway: 'card', kind: 'authorization', amount: authorised, reference: 'r' }],
        totals: { ...order.totals, tip },
      }),
    );
  /** An order and the parcels, each a list of units, in which all of it leaves. */
  const shippedOrder = anyOrder.chain((any) => {
    const units = any.lines.flatMap((item) =>
      item.requires_shipping ? Array.from({ length: item.quantity }, () => item.line_id) : [],
    );
    return fc
      .record({
        order: fc.constant(any),
        units: fc.shuffledSubarray(units, { minLength: units.length }),
        cut: fc.integer({ min: 1, max: 5 }),
      })
      .map(({ order: whole, units: all, cut }) => ({
        order: whole,
        parcels: Array.from({ length: Math.ceil(all.length / cut) }, (_, i) =>
          all.slice(i * cut, (i + 1) * cut).map((id) => of(id, 1)),
        ),
      }));
  });

  test('all captures of an order shipped in any parcels are exactly what was authorised, none negative', () => {
    fc.assert(
      fc.property(shippedOrder, ({ order: any, parcels }) => {
        const captured: string[] = [];
        let shipped: LineQuantity[] = [];
        const finals: boolean[] = [];
        for (const shipment of parcels) {
          const capture = captureForShipment({
            order: any,
            shipment,
            shippedBefore: shipped,
            capturedBefore: captured,
          });
          expect(new Decimal(capture.amount).isNegative()).toBe(false);
          captured.push(capture.amount);
          finals.push(capture.final);
          shipped = [...shipped, ...shipment];
        }
        expect(new Decimal(sumAmounts(captured)).equals(authorisedAmount(any))).toBe(true);
        expect(finals.indexOf(true)).toBe(finals.length - 1);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever part is cancelled, never more than what was authorised is captured', () => {
    fc.assert(
      fc.property(shippedOrder, fc.nat(), ({ order: any, parcels }, choice) => {
        const kept = parcels.slice(0, choice % (parcels.length + 1));
        const cancelled = parcels.slice(kept.length).flat();
        let shipped: LineQuantity[] = [];
        const captured: string[] = [];
        for (const shipment of kept) {
          captured.push(
            captureForShipment({ order: any, shipment, shippedBefore: shipped, cancelled, capturedBefore: captured })
              .amount,
          );
          shipped = [...shipped, ...shipment];
        }
        expect(new Decimal(sumAmounts(captured)).lte(authorisedAmount(any))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('lines remaining', () => {
  test('are ordered minus shipped minus cancelled; gift cards are never waited for', () => {
    expect(linesRemaining(order, [])).toEqual([
      { line_id: '11', sku: 'TOTE-MOSS', quantity: 2 },
      { line_id: '12', sku: 'MUG-01', quantity: 1 },
    ]);
    expect(linesRemaining(order, [of('11', 1)], [of('12', 1)])).toEqual([
      { line_id: '11', sku: 'TOTE-MOSS', quantity: 1 },
    ]);
    expect(unitsRemaining(order, [of('11', 1), of('11', 1), of('12', 1)])).toBe(0);
  });
  test('more shipped than ordered does not go below nothing', () => {
    expect(unitsRemaining(order, [of('11', 5)])).toBe(1);
  });
});

describe('a shipment', () => {
  const check = (lines: { line_id: string; sku: string; quantity: number }[], before: LineQuantity[] = []) =>
    checkShipment(order, { lines }, before).map(({ error_code, path }) => [error_code, path]);
  test('of what the order waits for passes', () => {
    expect(check([{ line_id: '11', sku: 'TOTE-MOSS', quantity: 2 }])).toEqual([]);
  });
  test('of an unknown line, another SKU or too many is a problem', () => {
    expect(check([{ line_id: '99', sku: 'MUG-01', quantity: 1 }])).toEqual([['unknown_line', '/lines/0/line_id']]);
    expect(check([{ line_id: '12', sku: 'CUP', quantity: 1 }])).toEqual([['wrong_sku', '/lines/0/sku']]);
    expect(check([{ line_id: '11', sku: 'TOTE-MOSS', quantity: 2 }], [of('11', 1)])).toEqual([
      ['shipped_too_many', '/lines/0/quantity'],
    ]);
  });
  test('that names a line twice is counted together', () => {
    const twice = { line_id: '12', sku: 'MUG-01', quantity: 1 };
    expect(check([twice, twice])).toEqual([['shipped_too_many', '/lines/1/quantity']]);
  });
});
