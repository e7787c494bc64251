import { describe, expect, test } from 'vitest';
import { canonicalOrder, line } from '#tests/fixtures/canonical-order.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { checkItems } from './items.ts';
import { checkLocations } from './locations.ts';
import { mapTaxCodes } from './taxes.ts';

const order = canonicalOrder();

describe('taxes', () => {
  test('every code is mapped to the ERP', () => {
    const { taxCodes, problems } = mapTaxCodes(order, 'erp', (code) => `erp-${code}`);
    expect(problems).toEqual([]);
    expect(taxCodes).toEqual({ 'State Tax': 'erp-State Tax', 'City Tax': 'erp-City Tax' });
  });
  test('a code without mapping is named once, where it stands first, with what is missing', () => {
    const { problems } = mapTaxCodes(order, 'erp', (code) => (code === 'City Tax' ? 'C' : undefined));
    expect(problems).toEqual([
      {
        error_class: 'mapping',
        error_code: 'unmapped_tax_code',
        path: '/lines/0/taxes/0/code',
        document: 'canonical',
        message: 'The tax "State Tax" has no tax code in erp. Map it, then replay the order.',
        missing_mapping: { kind: 'tax_code', system: 'erp', code: 'State Tax' },
      },
    ]);
  });
  test('the taxes on shipping count as well', () => {
    const onShipping = canonicalOrder({ lines: [line({})] });
    expect(mapTaxCodes(onShipping, 'erp', () => undefined).problems).toMatchObject([
      { path: '/shipping/0/taxes/0/code' },
    ]);
  });
  test('a code that is the name of a property of every object is a code like any other', () => {
    const odd = canonicalOrder({
      shipping: [],
      lines: [line({ taxes: ['__proto__', 'toString'].map((code) => ({ code, rate: '0', amount: '0' })) })],
    });
    expect(mapTaxCodes(odd, 'erp', () => undefined).problems).toHaveLength(2);
    const { taxCodes } = mapTaxCodes(odd, 'erp', () => 'T');
    expect(Object.keys(taxCodes)).toEqual(['__proto__', 'toString']);
    expect(Object.getPrototypeOf(taxCodes)).toBe(Object.prototype);
  });
});

describe('items', () => {
  test('known and active ones pass', () => {
    expect(checkItems(order, () => ({ active: true }))).toEqual([]);
  });
  test('an inactive one and an unknown one are told apart', () => {
    const problems = checkItems(order, (sku) =>
      sku === 'MUG-01' ? { active: false } : sku === 'GIFT-50' ? undefined : { active: true },
    );
    expect(problems).toMatchObject([
      { error_class: 'reference', error_code: 'inactive_sku', path: '/lines/1/sku' },
      {
        error_code: 'unknown_sku',
        path: '/lines/2/sku',
        missing_mapping: { kind: 'sku', system: 'shop', code: 'GIFT-50' },
      },
    ]);
    expect(problems[0]).not.toHaveProperty('missing_mapping');
  });
});

describe('locations', () => {
  const { shipping_address: _, ...nowhere } = order;
  test('an order to ship from anywhere passes', () => {
    expect(checkLocations(order, smallEstate)).toEqual([]);
  });
  test('a location outside the estate asks for a mapping', () => {
    const elsewhere = canonicalOrder({ fulfilment: { kind: 'ship_from_store', location: 'atlantis' } });
    expect(checkLocations(elsewhere, smallEstate)).toMatchObject([
      {
        error_code: 'unknown_location',
        path: '/fulfilment/location',
        missing_mapping: { kind: 'location', code: 'atlantis' },
      },
    ]);
  });
  test('an order to collect must say where', () => {
    expect(checkLocations(canonicalOrder({ fulfilment: { kind: 'click_and_collect' } }), smallEstate)).toMatchObject([
      { error_code: 'missing_location' },
    ]);
    expect(
      checkLocations({ ...nowhere, fulfilment: { kind: 'click_and_collect', location: 'pier-shop' } }, smallEstate),
    ).toEqual([]);
  });
  test('goods need an address, gift cards do not', () => {
    expect(checkLocations(nowhere, smallEstate)).toMatchObject([
      { error_code: 'missing_address', path: '/shipping_address' },
    ]);
    expect(checkLocations({ ...nowhere, lines: [line({ requires_shipping: false })] }, smallEstate)).toEqual([]);
  });
});
