import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCents, parseCents, taxCents } from './amount.ts';
import { createCatalogue, gtin13 } from './catalogue/catalogue.ts';
import { buildChannelOrder } from './channel-order.ts';
import { draftTotals } from './order-draft.ts';
import { createRandom } from './random.ts';
import { buildShopifyOrder } from './shopify-order.ts';
import { createCheckout } from './traffic/checkout.ts';
import type { ChannelProfile } from './traffic/profiles.ts';

const catalogue = createCatalogue('test', 300);
const profile = (market: 'us' | 'eu' | 'uk'): ChannelProfile => ({
  channel: {
    id: 'web',
    name: 'Web',
    system: 'shop',
    payment: 'shop',
    region: market,
    brand: 'northwind',
    legal_entity: 'retail',
    currency: 'USD',
    locations: ['dc-east'],
    allocation_percent: 100,
    split_shipments: false,
    backorders: false,
    products: 'own',
  },
  kind: 'shopify',
  market,
  currency: market === 'us' ? 'USD' : market === 'eu' ? 'EUR' : 'GBP',
  share: 1,
  utcOffsetHours: 0,
});
const draft = (seed: number, market: 'us' | 'eu' | 'uk') => {
  let last = seed;
  const checkout = createCheckout(catalogue, createRandom(`order ${seed}`), () => ++last);
  return checkout.draft(profile(market), 10_001, new Date('2026-03-01T09:30:00.000Z'));
};
const market = fc.constantFrom('us' as const, 'eu' as const, 'uk' as const);
const cents = (amount: string) => parseCents(amount) ?? NaN;
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

describe('orders of simulated customers', () => {
  it('add up to the cent in the shape Shopify publishes', () => {
    fc.assert(
      fc.property(fc.nat(), market, (seed, where) => {
        const order = buildShopifyOrder(draft(seed, where), 'shop.example');
        const goods = sum(order.line_items.map((line) => cents(line.price) * line.quantity));
        const discounts = sum(
          order.line_items.flatMap((line) => line.discount_allocations.map((one) => cents(one.amount))),
        );
        const shipping = sum(order.shipping_lines.map((charge) => cents(charge.price)));
        const taxed = [...order.line_items, ...order.shipping_lines];
        const tax = sum(taxed.flatMap((part) => part.tax_lines.map((line) => cents(line.price))));
        expect(cents(order.total_line_items_price)).toBe(goods);
        expect(cents(order.total_discounts)).toBe(discounts);
        expect(cents(order.subtotal_price)).toBe(goods - discounts);
        expect(cents(order.total_tax)).toBe(tax);
        expect(sum(order.tax_lines.map((line) => cents(line.price)))).toBe(tax);
        expect(cents(order.total_price)).toBe(goods - discounts + shipping + (order.taxes_included ? 0 : tax));
        expect(cents(order.total_outstanding)).toBeGreaterThan(0);
      }),
    );
  });

  it('add up to the cent in the canonical form', () => {
    fc.assert(
      fc.property(fc.nat(), market, (seed, where) => {
        const made = draft(seed, where);
        const ids = { externalId: 'HM-1', number: 'HM1', paymentReference: 'pi_1' };
        const { totals, taxes_included, payments } = buildChannelOrder(made, ids);
        const before = cents(totals.subtotal) - cents(totals.discount) + cents(totals.shipping);
        expect(cents(totals.total)).toBe(before + (taxes_included ? 0 : cents(totals.tax)));
        expect(payments?.[0]?.amount).toBe(totals.total);
        expect(cents(totals.total)).toBe(draftTotals(made).total);
      }),
    );
  });

  it('are the same for the same seed', () => {
    expect(buildShopifyOrder(draft(7, 'eu'), 'shop.example')).toEqual(
      buildShopifyOrder(draft(7, 'eu'), 'shop.example'),
    );
  });

  it('go to people at example.com only', () => {
    fc.assert(fc.property(fc.nat(), market, (seed, where) => /@example\.com$/.test(draft(seed, where).customer.email)));
  });
});

describe('amounts', () => {
  it('keep every cent between number and text', () => {
    fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (value) => parseCents(formatCents(value)) === value));
  });

  it('split an inclusive price into net and tax without losing a cent', () => {
    expect(taxCents(11_900, 190_000, true)).toBe(1_900);
    expect(taxCents(1_000, 85_000, false)).toBe(85);
  });
});

describe('the catalogue', () => {
  it('is the same for the same seed, with unique SKUs, valid GTINs and a few inactive items', () => {
    expect(createCatalogue('test', 300).items).toEqual(catalogue.items);
    expect(new Set(catalogue.items.map(({ sku }) => sku)).size).toBe(300);
    expect(gtin13('400638133393')).toBe('4006381333931');
    expect(catalogue.items.every(({ gtin }) => gtin13(gtin.slice(0, 12)) === gtin)).toBe(true);
    expect(catalogue.inactive).toHaveLength(3);
  });
});
