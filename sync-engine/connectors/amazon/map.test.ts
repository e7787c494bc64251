import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPersonal } from '#contracts/v1/personal-data.ts';
import { amazonPayload } from '#tests/fixtures/amazon-payload.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { checkTotals } from '../../flows/order/rules/totals.ts';
import { Decimal } from '../../money.ts';
import type { CanonicaliseContext } from '../reading.ts';
import { glimpseAmazonOrder } from './glimpse.ts';
import { canonicaliseAmazonOrder } from './map.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const context: CanonicaliseContext = { estate: smallEstate, system: 'shop', mapping: () => undefined };
const read = (payload: unknown, more: Partial<CanonicaliseContext> = {}) =>
  canonicaliseAmazonOrder(JSON.stringify(payload), { ...context, ...more });

function orderOf(payload: unknown, more: Partial<CanonicaliseContext> = {}) {
  const result = read(payload, more);
  if (!('order' in result)) throw new Error(JSON.stringify(result));
  return result.order;
}
function problemsOf(payload: unknown) {
  const result = read(payload);
  return 'problems' in result ? result.problems.map(({ error_code, path }) => [error_code, path]) : result;
}
type Payload = ReturnType<typeof amazonPayload>;
const changed = (change: (payload: Payload) => void) => {
  const payload = amazonPayload();
  change(payload);
  return payload;
};
/** The item at `i` as anything at all: tests write into it what Amazon should not. */
const item = (payload: Payload, i: number) => payload.OrderItems[i] as Record<string, unknown>;

test('every amount of an order survives to the cent', () => {
  const order = orderOf(amazonPayload());
  expect(order).toMatchObject({
    external_id: '902-3159896-1390916',
    tier: 'express',
    placed_at: '2026-03-01T09:58:30.000Z',
    taxes_included: false,
    customer: { name: 'Iris Vandenberg' },
    shipping_address: { line1: '14 Lantern Row', line2: 'Apt 3', region_code: 'OR', country_code: 'US' },
    payments: [{ gateway: 'amazon', kind: 'sale', amount: '58.19', reference: '902-3159896-1390916' }],
    totals: { subtotal: '49.50', discount: '5.00', shipping: '9.49', tax: '4.20', total: '58.19' },
  });
  const tax = { code: 'Amazon marketplace facilitator tax' };
  expect(order.lines).toMatchObject([
    {
      line_id: '05015851154158',
      quantity: 2,
      unit_price: '20.00',
      discounts: [{ code: 'SPRING-10', amount: '4.00' }],
      taxes: [{ ...tax, rate: '0.088889', amount: '3.20' }],
    },
    { unit_price: '9.50', discounts: [], taxes: [{ ...tax, amount: '0.60' }] },
  ]);
  expect(order.shipping).toMatchObject([
    { code: 'Exp US D2D Dom', price: '5.99', discounts: [{ amount: '1.00' }], taxes: [{ ...tax, amount: '0.40' }] },
    { code: 'gift-wrap', price: '3.50', taxes: [] },
  ]);
  expect(checkTotals(order, '0.00')).toEqual([]);
  expect(order.customer).not.toHaveProperty('email');
});

test('prices contain the tax where only that makes the total', () => {
  const order = orderOf(changed(({ Order }) => (Order.OrderTotal.Amount = '53.99')));
  expect(order.taxes_included).toBe(true);
  expect(checkTotals(order, '0.00')).toEqual([]);
});

test('a total that its parts do not make is found by the rule for every channel', () => {
  const order = orderOf(changed(({ Order }) => (Order.OrderTotal.Amount = '60.00')));
  expect(checkTotals(order, '0.00').map(({ error_code }) => error_code)).toEqual(['total_differs']);
});

test('a replacement that costs nothing is an order without a payment', () => {
  const free = changed((payload) => {
    payload.Order.OrderTotal.Amount = '0.00';
    payload.OrderItems = payload.OrderItems.slice(1);
    Object.assign(item(payload, 0), { BuyerInfo: null, ItemTax: null });
    item(payload, 0)['ItemPrice'] = { CurrencyCode: 'USD', Amount: '0.00' };
  });
  const order = orderOf(free);
  expect(order.payments).toEqual([]);
  expect(checkTotals(order, '0.00')).toEqual([]);
});

test.each([
  ['Canceled', 'MFN', 'Cancelled before'],
  ['Unshipped', 'AFN', 'Fulfilled by Amazon'],
  ['Shipped', 'MFN', 'Shipped before'],
])('an order that is %s and fulfilled by %s is left alone', (OrderStatus, FulfillmentChannel, reason) => {
  const result = read({ Order: { ...amazonPayload().Order, OrderStatus, FulfillmentChannel } });
  expect('left' in result && result.left).toContain(reason);
});

test.each<[string, (payload: Payload) => void, [string, string][]]>([
  ['no total', ({ Order }) => Reflect.deleteProperty(Order, 'OrderTotal'), [['total_missing', '/Order/OrderTotal']]],
  [
    'no address',
    ({ Order }) => Reflect.deleteProperty(Order, 'ShippingAddress'),
    [['address_missing', '/Order/ShippingAddress']],
  ],
  [
    'an address without a street',
    ({ Order }) => Reflect.deleteProperty(Order.ShippingAddress, 'AddressLine1'),
    [['address_missing', '/Order/ShippingAddress/AddressLine1']],
  ],
  [
    'a country that is none',
    ({ Order }) => (Order.ShippingAddress.CountryCode = 'USA'),
    [['schema_invalid_format', '/Order/ShippingAddress/CountryCode']],
  ],
  ['no items', (payload) => Reflect.deleteProperty(payload, 'OrderItems'), [['items_missing', '/OrderItems']]],
  [
    'an item without a price',
    (payload) => Reflect.deleteProperty(item(payload, 1), 'ItemPrice'),
    [['price_missing', '/OrderItems/1/ItemPrice']],
  ],
  [
    'a price that no unit can have',
    (payload) => (item(payload, 0)['QuantityOrdered'] = 3),
    [['price_indivisible', '/OrderItems/0/ItemPrice']],
  ],
  [
    'a second currency',
    (payload) => (item(payload, 0)['ShippingTax'] = { CurrencyCode: 'EUR', Amount: '0.40' }),
    [['other_currency', '/OrderItems/0/ShippingTax/CurrencyCode']],
  ],
  [
    'an amount below nothing',
    (payload) => (item(payload, 0)['ItemTax'] = { CurrencyCode: 'USD', Amount: '-3.20' }),
    [['negative_amount', '/OrderItems/0/ItemTax/Amount']],
  ],
  [
    'an amount that is none',
    (payload) => (item(payload, 0)['ItemTax'] = { CurrencyCode: 'USD', Amount: '3,20' }),
    [['schema_invalid_format', '/OrderItems/0/ItemTax/Amount']],
  ],
  [
    'a fee for cash on delivery',
    (payload) => (item(payload, 0)['CODFee'] = { CurrencyCode: 'USD', Amount: '2.00' }),
    [['unknown_charge', '/OrderItems/0/CODFee']],
  ],
  [
    'no SKU',
    (payload) => Reflect.deleteProperty(item(payload, 0), 'SellerSKU'),
    [['missing_sku', '/OrderItems/0/SellerSKU']],
  ],
  [
    'a part that somebody else shipped',
    ({ Order }) => (Order.OrderStatus = 'PartiallyShipped'),
    [['not_to_be_shipped', '/Order/OrderStatus']],
  ],
])('%s is a problem of that field', (_, change, problems) => {
  expect(problemsOf(changed(change))).toEqual(problems);
});

test('what names a buyer is known as personal', () => {
  for (const [name, value] of Object.entries(amazonPayload().Order.ShippingAddress))
    expect([name, isPersonal(['Order', 'ShippingAddress', name], value)]).toEqual([
      name,
      ['Name', 'AddressLine1', 'AddressLine2'].includes(name),
    ]);
});

test('a SKU of the marketplace is translated by its mapping', () => {
  const mapping = (kind: string, code: string) => (kind === 'sku' && code === 'TOTE-MOSS' ? 'OUR-1' : undefined);
  expect(orderOf(amazonPayload(), { mapping }).lines[0]?.sku).toBe('OUR-1');
});

const cents = fc.integer({ min: 0, max: 5_000_00 });
const text = (amount: number) => ({ CurrencyCode: 'USD', Amount: (amount / 100).toFixed(2) });
const sold = fc.record({
  unit: cents,
  quantity: fc.integer({ min: 1, max: 9 }),
  tax: cents,
  shipping: cents,
  off: cents,
});

test('whatever is bought, the canonical order adds up to what Amazon charged', () => {
  fc.assert(
    fc.property(fc.array(sold, { minLength: 1, maxLength: 6 }), fc.boolean(), (all, included) => {
      const payload = amazonPayload();
      let total = 0;
      const items = all.map(({ unit, quantity, tax, shipping, off }, i) => {
        const discount = Math.min(off, unit * quantity);
        total += unit * quantity + shipping - discount + (included ? 0 : tax);
        return {
          OrderItemId: `item-${i}`,
          SellerSKU: 'TOTE-MOSS',
          QuantityOrdered: quantity,
          ItemPrice: text(unit * quantity),
          ItemTax: text(tax),
          ShippingPrice: text(shipping),
          PromotionDiscount: text(discount),
        };
      });
      const order = orderOf({ Order: { ...payload.Order, OrderTotal: text(total) }, OrderItems: items });
      expect(checkTotals(order, '0.00')).toEqual([]);
      expect(new Decimal(order.totals.total).times(100).toNumber()).toBe(total);
      const taxes = all.reduce((sum, { tax }) => sum + tax, 0);
      expect(new Decimal(order.totals.tax).times(100).toNumber()).toBe(taxes);
    }),
    { numRuns: runs },
  );
});

/** A copy in which one value, wherever it is, is another one. */
function withOther(document: unknown, at: number, value: unknown): unknown {
  let left = at;
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, walk(member)]));
  };
  return walk(document);
}

test('whatever stands in its place, an odd value is a problem with a place, or the order says what was sent', () => {
  const odd = fc.oneof(
    fc.constantFrom('', ' ', '0', '-1', '1e9', '١٢', 'NaN', null, true, [], {}, '12.30', 'USD', 'x'.repeat(5_000)),
    fc.string(),
    fc.double(),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.nat(70), odd, (at, value) => {
      const changedPayload = withOther(amazonPayload(), at, value);
      const result = read(changedPayload);
      if ('left' in result) return;
      if ('problems' in result) {
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { path, message } of result.problems)
          expect([typeof path, message !== '']).toEqual(['string', true]);
        return;
      }
      const sent = changedPayload as Payload;
      // An amount may come as a JSON number: its text is the same.
      expect(result.order.totals.total).toBe(String(sent.Order.OrderTotal.Amount));
      for (const line of result.order.lines) {
        const its = sent.OrderItems.find(({ OrderItemId }) => String(OrderItemId) === line.line_id);
        expect(new Decimal(line.unit_price).times(line.quantity).equals(its?.ItemPrice.Amount ?? '-1')).toBe(true);
        expect(line.quantity).toBe(Number(its?.QuantityOrdered));
        expect(line.taxes.map(({ amount }) => Number(amount))).toEqual(
          its?.ItemTax ? [Number(its.ItemTax.Amount)].filter((tax) => tax > 0) : [],
        );
      }
    }),
    { numRuns: runs * 3 },
  );
});

test('bytes that are no order neither crash the map nor the look at them', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), (raw) => {
      const bytes = Buffer.from(raw);
      expect(glimpseAmazonOrder(bytes)).toBeTypeOf('object');
      expect(Object.keys(canonicaliseAmazonOrder(bytes, context))).toEqual(['problems']);
    }),
    { numRuns: runs },
  );
});
