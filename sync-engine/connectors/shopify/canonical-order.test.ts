import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { checkTotals } from '../../flows/order/rules/totals.ts';
import type { CanonicaliseContext } from '../reading.ts';
import { canonicaliseShopifyOrder } from './canonical-order.ts';

const text = readFileSync(new URL('../../../tests/fixtures/shopify-order.json', import.meta.url), 'utf8');
const context: CanonicaliseContext = { estate: smallEstate, system: 'shop', mapping: () => undefined };

/** The fixture with one piece of its text replaced. */
function changed(from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}
function orderOf(raw: string, using = context): Order {
  const result = canonicaliseShopifyOrder(raw, using);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.order;
}
function problemsOf(raw: string, using = context) {
  const result = canonicaliseShopifyOrder(raw, using);
  if ('order' in result) throw new Error('the order was accepted');
  return result.problems;
}

describe("a Shopify order's canonical form", () => {
  test('keeps ids beyond 2^53 digit by digit', () => {
    const order = orderOf(text);
    expect(order.external_id).toBe('5882913048619122731');
    expect(order.customer.external_id).toBe('7201993381442087415');
    expect(order.lines.map(({ line_id }) => line_id)).toEqual(['9144062700338291857', '9144062700338291858']);
  });
  test('adds up to the cent in shop money: discounts, taxes, duties, tip, gift card', () => {
    const order = orderOf(text);
    expect(order.totals).toEqual({
      subtotal: '254.90',
      discount: '30.49',
      shipping: '10.00',
      tax: '19.83',
      duties: '12.40',
      tip: '3.00',
      total: '269.64',
    });
    expect(checkTotals(order, '0.00')).toEqual([]);
    expect(order.currency).toBe('USD');
  });
  test('names each discount by its code, or by its title where it has none', () => {
    const order = orderOf(text);
    expect(order.lines[0]?.discounts).toEqual([{ code: 'WINTER10', amount: '17.99' }]);
    expect(order.shipping[0]?.discounts).toEqual([{ code: 'Half-price delivery', amount: '5.00' }]);
  });
  test('keeps every tax with its rate, also one written with an exponent', () => {
    const order = orderOf(text);
    expect(order.lines[1]?.taxes).toEqual([
      { code: 'HST', rate: '0.082', amount: '5.54' },
      { code: 'Heritage levy', rate: '0.009', amount: '0.61' },
    ]);
    expect(order.shipping[0]?.taxes).toEqual([{ code: 'HST', rate: '0.082', amount: '0.41' }]);
  });
  test('keeps duties with their line and marks what needs no shipping', () => {
    const order = orderOf(text);
    expect(order.lines[0]).toMatchObject({ duties: '12.40', requires_shipping: true, gift_card: false, quantity: 2 });
    expect(order.lines[1]).toMatchObject({ duties: '0.00', requires_shipping: false, gift_card: true });
  });
  test('tells the gift card from the card that is authorised for the rest', () => {
    expect(orderOf(text).payments).toEqual([
      { gateway: 'gift_card', kind: 'gift_card', amount: '50.00', reference: '5882913048619122731' },
      { gateway: 'shopify_payments', kind: 'authorization', amount: '219.64', reference: '5882913048619122731' },
    ]);
  });
  test('turns local times into UTC and takes the tier from the shipping method', () => {
    const order = orderOf(text);
    expect(order.placed_at).toBe('2026-02-15T02:05:09.000Z');
    expect(order.tier).toBe('express');
    expect(order.number).toBe('#NL20417');
  });
  test('takes channel, region, brand and legal entity from the estate', () => {
    expect(orderOf(text)).toMatchObject({
      system: 'shop',
      channel: 'web',
      region: 'us',
      brand: 'harbour',
      legal_entity: 'us-co',
    });
  });
  test('leaves out what an address leaves empty', () => {
    const order = orderOf(text);
    expect(order.shipping_address).toEqual({
      name: 'Mara Lindqvist',
      company: 'Harbour Studio',
      line1: '18 Quay Street',
      city: 'Halifax',
      region_code: 'NS',
      postal_code: 'B3J 0A1',
      country_code: 'CA',
    });
    expect(order.billing_address?.line2).toBe('Apt 4');
  });
});

describe('payments by financial status', () => {
  test.each([
    ['authorized', [['authorization', '269.64']], '"total_outstanding": "269.64"'],
    ['paid', [['sale', '269.64']], '"total_outstanding": "0.00"'],
    ['partially_refunded', [['sale', '269.64']], '"total_outstanding": "0.00"'],
    ['pending', [], '"total_outstanding": "269.64"'],
    ['voided', [], '"total_outstanding": "0.00"'],
    ['expired', [], '"total_outstanding": "269.64"'],
  ])('%s', (status, expected, outstanding) => {
    const raw = changed('"financial_status": "partially_paid"', `"financial_status": "${status}"`)
      .replace('"total_outstanding": "219.64"', outstanding)
      .replace('"gift_card", "shopify_payments"', '"shopify_payments"');
    expect(orderOf(raw).payments.map(({ kind, amount }) => [kind, amount])).toEqual(expected);
  });
  test('an authorised order of an older API version states nothing outstanding', () => {
    const raw = changed('"financial_status": "partially_paid"', '"financial_status": "authorized"').replace(
      '"total_outstanding": "219.64",',
      '',
    );
    expect(orderOf(raw).payments.map(({ kind, amount }) => [kind, amount])).toEqual([['authorization', '269.64']]);
  });
  test('an order paid by gift card alone has nothing to capture', () => {
    const raw = changed('"financial_status": "partially_paid"', '"financial_status": "paid"').replace(
      '"gift_card", "shopify_payments"',
      '"gift_card"',
    );
    expect(orderOf(raw).payments.map(({ kind, amount }) => [kind, amount])).toEqual([['gift_card', '269.64']]);
  });
  test('transactions decide where the payload carries them', () => {
    const raw = changed(
      '"taxes_included": false,',
      `"taxes_included": false, "transactions": [
        {"id": 1, "kind": "authorization", "status": "failure", "gateway": "shopify_payments", "amount": "219.64"},
        {"id": 2, "kind": "sale", "status": "success", "gateway": "gift_card", "amount": "50.00"},
        {"id": 3, "kind": "authorization", "status": "success", "gateway": "shopify_payments", "amount": "219.64"}],`,
    );
    expect(orderOf(raw).payments.map(({ kind, amount, reference }) => [kind, amount, reference])).toEqual([
      ['gift_card', '50.00', '2'],
      ['authorization', '219.64', '3'],
    ]);
  });
});

describe('orders out of the ordinary', () => {
  test('a test order and a cancelled order are canonicalised like any other', () => {
    const raw = changed('"test": false', '"test": true').replace(
      '"cancelled_at": null',
      '"cancelled_at": "2026-02-14T22:00:00-05:00"',
    );
    expect(orderOf(raw)).toMatchObject({ test: true, cancelled_at: '2026-02-15T03:00:00.000Z' });
  });
  test('a tip among the lines is counted once', () => {
    const tip = `{"id": 77, "title": "Tip", "quantity": 1, "sku": null, "price": "3.00", "tip": {"payment_method": "card"}, "requires_shipping": false},`;
    const within = changed('"line_items": [', `"line_items": [${tip}`).replaceAll('"254.90"', '"257.90"');
    expect(orderOf(within).totals).toMatchObject({ subtotal: '254.90', tip: '3.00' });
    const beside = changed('"line_items": [', `"line_items": [${tip}`);
    expect(orderOf(beside).totals).toMatchObject({ subtotal: '254.90', tip: '3.00' });
    expect(checkTotals(orderOf(within), '0')).toEqual([]);
    expect(orderOf(within).lines).toHaveLength(2);
  });
  test('removed lines and shipping charges are left out', () => {
    const gone = '{"id": 78, "title": "Gone", "quantity": 0, "sku": "GONE", "price": "9.00"},';
    const raw = changed('"line_items": [', `"line_items": [${gone}`).replace(
      '"shipping_lines": [',
      '"shipping_lines": [{"title": "Old", "price": "4.00", "is_removed": true},',
    );
    const order = orderOf(raw);
    expect(order.lines.map(({ sku }) => sku)).toEqual(['TOTE-MOSS', 'GIFT-75']);
    expect(order.shipping.map(({ title }) => title)).toEqual(['Express courier']);
  });
  test('a guest without customer record and address has the e-mail of the order', () => {
    const raw = text
      .replace(/"customer": \{[^}]*\}/, '"customer": null')
      .replace(/"billing_address": \{[^}]*\}/, '"billing_address": null');
    expect(orderOf(raw).customer).toEqual({ name: 'Mara Lindqvist', email: 'mara.lindqvist@example.com' });
  });
  test('an order to be collected names the store', () => {
    const raw = changed('"code": "EXPRESS-INT",', '"code": "PICKUP", "delivery_category": "pickup",').replace(
      '"location_id": null',
      '"location_id": 71000000009',
    );
    expect(orderOf(raw).fulfilment).toEqual({ kind: 'click_and_collect', location: 'pier-shop' });
  });
  test('discounts of orders without allocations come from the line total', () => {
    const raw = text
      .replaceAll(/"discount_allocations": \[[^\]]*\],/g, '')
      .replace('"total_discount": "0.00"', '"total_discount": "17.99"');
    expect(orderOf(raw).lines[0]?.discounts).toEqual([{ code: 'discount', amount: '17.99' }]);
  });
  test('codes are mapped: SKU by SKU or variant, tier by shipping method', () => {
    const targets = new Map([
      ['sku TOTE-MOSS', 'NEW-1'],
      ['sku 44561210022', 'NEW-2'],
      ['shipping_method EXPRESS-INT', 'economy'],
    ]);
    const mapping: CanonicaliseContext['mapping'] = (kind, code) => targets.get(`${kind} ${code}`);
    const order = orderOf(changed('"sku": "GIFT-75"', '"sku": ""'), { ...context, mapping });
    expect(order.lines.map(({ sku }) => sku)).toEqual(['NEW-1', 'NEW-2']);
    expect(order.tier).toBe('economy');
  });
});

describe('problems name the place in the received payload', () => {
  test('a payload that is not JSON', () => {
    expect(problemsOf('{"id": 1,')).toMatchObject([
      { error_class: 'validation', error_code: 'malformed_json', path: '' },
    ]);
    expect(problemsOf('{"id": 1, "id": 2}')).toMatchObject([{ error_code: 'malformed_json' }]);
  });
  test.each([
    ['"quantity": 2', '"quantity": -2', '/line_items/0/quantity'],
    ['"price": "75.00"', '"price": "75,00"', '/line_items/1/price'],
    ['"created_at": "2026-02-14T21:05:09-05:00"', '"created_at": "yesterday"', '/created_at'],
    ['"total_price": "269.64"', '"total_price": null', '/total_price'],
    [
      '"zip": "B3J 0A1",\n    "country": "Canada",\n    "country_code": "CA",\n    "phone": null',
      '"zip": "B3J 0A1", "country_code": null, "phone": null',
      '/shipping_address/country_code',
    ],
    ['"title": "Heritage levy"', '"title": " "', '/line_items/1/tax_lines/1/title'],
    ['"currency": "USD",\n  "discount_applications"', '"currency": "usd", "discount_applications"', '/currency'],
  ])('%s → %s', (from, to, path) => {
    expect(problemsOf(changed(from, to)).map((problem) => problem.path)).toEqual([path]);
  });
  test('a line without SKU asks for a mapping of its variant, and everything else is checked as well', () => {
    const raw = changed('"sku": "TOTE-MOSS"', '"sku": null').replace('"title": "Heritage levy"', '"title": ""');
    expect(problemsOf(raw)).toMatchObject([
      {
        error_class: 'mapping',
        error_code: 'missing_sku',
        path: '/line_items/0/sku',
        missing_mapping: { kind: 'sku', system: 'shop', code: '44561209983' },
      },
      { error_class: 'validation', path: '/line_items/1/tax_lines/1/title' },
    ]);
  });
  test('a SKU nobody could use asks for a mapping of itself', () => {
    expect(problemsOf(changed('"sku": "TOTE-MOSS"', '"sku": "Tote, moss"'))).toMatchObject([
      { error_code: 'unusable_sku', missing_mapping: { kind: 'sku', system: 'shop', code: 'Tote, moss' } },
    ]);
  });
  test('an order without lines', () => {
    expect(problemsOf(text.replace(/"line_items": \[[\s\S]*?\n {2}\],/, '"line_items": [],'))).toMatchObject([
      { path: '/line_items' },
    ]);
  });
  test('a system that no channel sells through', () => {
    expect(problemsOf(text, { ...context, system: 'erp' })).toMatchObject([{ error_code: 'unknown_channel' }]);
  });
});
