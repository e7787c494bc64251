import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ediPartner, interchangeOf, purchaseOrder, setOf } from '#tests/fixtures/edi.ts';
import { smallEstate as estate } from '#tests/fixtures/estate.ts';
import { checkTotals } from '../../flows/order/rules/totals.ts';
import { Decimal, sumAmounts } from '../../money.ts';
import { canonicaliseX12Order } from './canonical-order.ts';
import { spread } from './spread.ts';
import type { OrderContext } from './purchase-order.ts';

const [channel] = estate.channels;
const mappings: Readonly<Record<string, string>> = { 'sku OLD-1': 'TOTE-MOSS', 'shipping_method UPSN': 'express' };

const context = (changes: Record<string, unknown> = {}): OrderContext => ({
  estate,
  system: channel?.system ?? '',
  partner: ediPartner(changes),
  mapping: (kind, code) => mappings[`${kind} ${code}`],
});

const canonicalise = (set: string, changes: Record<string, unknown> = {}, envelope = {}) =>
  canonicaliseX12Order(interchangeOf([set], envelope), context(changes));
const orderOf = (set: string, changes: Record<string, unknown> = {}, envelope = {}) => {
  const result = canonicalise(set, changes, envelope);
  if ('problems' in result)
    throw new Error(result.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  return result.order;
};
const problemsOf = (set: string, changes: Record<string, unknown> = {}) => {
  const result = canonicalise(set, changes);
  return 'problems' in result ? result.problems.map(({ error_code, path }) => [error_code, path]) : [];
};
/** The purchase order of the fixtures with its segments changed, counts right. */
const changed = (from: string | RegExp, to: string) =>
  setOf('850', purchaseOrder().replace(from, to).split('\n').slice(1, -1).join('\n'));

describe('a purchase order', () => {
  test('becomes a canonical order, exact to the cent', () => {
    const order = orderOf(purchaseOrder());
    expect(order).toMatchObject({
      system: channel?.system,
      external_id: 'PO-48213',
      number: 'PO-48213',
      channel: channel?.id,
      tier: 'standard',
      placed_at: '2026-02-14T00:00:00.000Z',
      updated_at: '2026-02-15T09:30:00.000Z',
      currency: 'USD',
      test: false,
      customer: { external_id: 'S012', name: 'Northfield Store 12' },
      shipping_address: {
        name: 'Northfield Store 12',
        line1: '400 Canal Road',
        city: 'Albany',
        region_code: 'NY',
        postal_code: '12207',
        country_code: 'US',
      },
      totals: { subtotal: '110.97', discount: '0.00', tax: '0.00', shipping: '0.00', total: '110.97' },
      payments: [],
    });
    expect(
      order.lines.map(({ line_id, sku, title, quantity, unit_price }) => [line_id, sku, title, quantity, unit_price]),
    ).toEqual([
      ['1', 'TOTE-MOSS', 'Oiled canvas tote', 12, '4.25'],
      ['2', 'MUG-01', 'MUG-01', 3, '19.99'],
    ]);
    expect(checkTotals(order, '0.00')).toEqual([]);
  });

  test('is read with the partner’s time zone, test indicator, release and cancellation', () => {
    const set = changed('BEG*00*SA*PO-48213*', 'BEG*01*SA*PO-48213*R7');
    const order = orderOf(set, { time_zone: 'America/New_York' }, { isa: { 15: 'T' } });
    expect(order).toMatchObject({
      external_id: 'PO-48213-R7',
      placed_at: '2026-02-14T05:00:00.000Z',
      cancelled_at: '2026-02-15T14:30:00.000Z',
      test: true,
    });
  });

  test('finds products by mapping, else by the best qualifier of the profile', () => {
    const sku = (to: string, read?: string[]) =>
      orderOf(changed('VN*TOTE-MOSS*UP*811793023769', to), read && { sku: { read } }).lines[0]?.sku;
    expect(sku('BP*OLD-1*UP*811793023769')).toBe('TOTE-MOSS');
    expect(sku('UP*811793023769*VN*TOTE-MOSS')).toBe('TOTE-MOSS');
    expect(sku('UP*811793023769*VN*TOTE-MOSS', ['UP', 'VN'])).toBe('811793023769');
  });

  test('counts in our units, with the price of one of them', () => {
    const line = (to: string, units: Record<string, number>) => {
      const [first] = orderOf(changed('12*EA*4.25*', to), { units }).lines;
      return [first?.quantity, first?.unit_price];
    };
    expect(line('2*CA*51.00*', { EA: 1, CA: 12 })).toEqual([24, '4.25']);
    expect(line('2*CA*4.25*PE', { EA: 1, CA: 12 })).toEqual([24, '4.25']);
    expect(line('100*EA*425.00*HP', { EA: 1 })).toEqual([100, '4.25']);
  });

  test('carries allowances, charges and taxes, and spreads those of the whole order over its lines', () => {
    const set = changed('CTT*2', 'CTT*2\nAMT*TT*130.19')
      .replace(
        'N1*ST',
        'SAC*A*C310***1000*********Winter terms\nSAC*C*D240***1500**********Freight\nTXI*ST*14.22*8.25\nN1*ST',
      )
      .replace(/SE\*\d+/, 'SE*17');
    const order = orderOf(set);
    expect(order.totals).toEqual({
      subtotal: '110.97',
      discount: '10.00',
      shipping: '15.00',
      tax: '14.22',
      duties: '0.00',
      tip: '0.00',
      total: '130.19',
    });
    expect(order.lines.map(({ discounts }) => discounts.map(({ amount }) => amount))).toEqual([['4.60'], ['5.40']]);
    expect(order.lines.map(({ taxes }) => taxes.map(({ amount, rate }) => [amount, rate]))).toEqual([
      [['6.54', '0.0825']],
      [['7.68', '0.0825']],
    ]);
    expect(order.shipping).toMatchObject([{ code: 'D240', price: '15.00' }]);
    expect(checkTotals(order, '0.00')).toEqual([]);
  });

  test('of which a total was stated keeps it, so that a difference is found', () => {
    const order = orderOf(changed('CTT*2', 'CTT*2\nAMT*TT*999.00'));
    expect(checkTotals(order, '0.00').map(({ error_code }) => error_code)).toEqual(['total_differs']);
  });

  test('goes out at once where its service level says so', () => {
    const tier = (routing: string) => orderOf(changed('N1*ST', `TD5*B*2*UPSN*A**${routing}\nN1*ST`)).tier;
    expect(tier('')).toBe('express');
    expect(orderOf(changed('N1*ST', 'TD5*B*2*OTHR*A********ND\nN1*ST')).tier).toBe('express');
    expect(orderOf(changed('N1*ST', 'TD5*B*2*OTHR*A\nN1*ST')).tier).toBe('standard');
  });

  test.each([
    ['no product code', '**VN*MUG-01', '', 'missing_product_code', '/850[1]/PO1[2]/PO106'],
    ['a code that can be no SKU', 'VN*MUG-01', 'VN*MUG 01', 'unusable_sku', '/850[1]/PO1[2]/PO107'],
    ['no price', '19.99', '', 'missing_price', '/850[1]/PO1[2]/PO104'],
    ['a unit that was not agreed on', '3*EA', '3*BX', 'unknown_unit', '/850[1]/PO1[2]/PO103'],
    ['a part of a unit', '2*3*EA', '2*3.5*EA', 'unusable_quantity', '/850[1]/PO1[2]/PO102'],
    ['no address', 'N3*400 Canal Road\nN4*Albany*NY*12207*US\n', '', 'missing_address', '/850[1]/N1[1]/N3'],
    ['a country that is none', '12207*US', '12207*XXX', 'schema_invalid_format', '/850[1]/N4[1]/N404'],
    ['a wrong count of lines', 'CTT*2', 'CTT*3', 'line_count_differs', '/850[1]/CTT[1]/CTT01'],
    ['a purpose we do not take', 'BEG*00', 'BEG*04', 'unsupported_purpose', '/850[1]/BEG[1]/BEG01'],
    ['a quantity of nothing', '2*3*EA', '2*0*EA', 'schema_too_small', '/850[1]/PO1[2]/PO102'],
    ['an allowance without an amount', 'N1*ST', 'SAC*A*C310\nN1*ST', 'charge_without_amount', '/850[1]/SAC[1]/SAC05'],
  ])('with %s is told where that is', (_, from, to, code, path) => {
    expect(problemsOf(changed(from, to))).toContainEqual([code, path]);
  });

  test('asks for a mapping where one would help', () => {
    const result = canonicalise(changed('VN*MUG-01', 'VN*MUG 01'));
    expect(result).toMatchObject({
      problems: [{ error_class: 'mapping', missing_mapping: { kind: 'sku', system: channel?.system, code: 'MUG 01' } }],
    });
  });

  test('that was rejected as X12 has the reader’s errors as problems', () => {
    expect(problemsOf(purchaseOrder().replace('SE*13', 'SE*12'))).toEqual([['x12_set_4', '/850[1]/SE[1]/SE01']]);
    expect(problemsOf(changed('Iris Vane', 'I'.repeat(70)), { acceptance: 'strict' })).toEqual([
      ['x12_element_5', '/850[1]/PER[1]/PER02'],
    ]);
    expect(canonicaliseX12Order('{"order": 1}', context())).toMatchObject({
      problems: [{ error_code: 'x12_document_not_x12' }],
    });
    expect(canonicaliseX12Order('', context())).toMatchObject({ problems: [{ error_code: 'no_such_set', path: '' }] });
    const two = interchangeOf([purchaseOrder('0001'), purchaseOrder('0002')]);
    expect(canonicaliseX12Order(two, context())).toMatchObject({
      problems: [{ error_code: 'several_sets', path: '/850[2]' }],
    });
  });

  test('is the same whatever its envelope’s delimiters', () => {
    expect(orderOf(purchaseOrder(), {}, { element: '|', terminator: '\n', lineBreak: '' })).toEqual(
      orderOf(purchaseOrder()),
    );
  });
});

describe('an amount spread over parts', () => {
  test('is never more or less than it was', () => {
    const cents = fc
      .integer({ min: 0, max: 10_000_000 })
      .map((amount) => new Decimal(amount).dividedBy(100).toFixed(2));
    fc.assert(
      fc.property(cents, fc.array(cents, { minLength: 1, maxLength: 40 }), (amount, weights) => {
        const parts = spread(amount, weights, 2);
        expect(new Decimal(sumAmounts(parts)).equals(amount)).toBe(true);
        expect(parts.every((part) => !new Decimal(part).isNegative())).toBe(true);
      }),
    );
  });
});
