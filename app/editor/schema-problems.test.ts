import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelOrder } from '#contracts/v1/channel-api.ts';
import { describePayload } from '#sync-engine/connectors/payload-schema.ts';
import { payloadOrder } from '#sync-engine/connectors/shopify/order-payload.ts';
import { parseExactJson } from '#platform/exact-json.ts';
import { jsonPointer } from '#sync-engine/json-pointer.ts';
import { fieldProblems } from './problems.ts';
import { schemaCheck } from './schema-problems.ts';

const ours = schemaCheck(describePayload({ schema: channelOrder, numbers: 'as_numbers' }));
const shopify = schemaCheck(describePayload({ schema: payloadOrder, numbers: 'as_text' }));
const found = (check: typeof ours, text: string) => new Map(check(text).map(({ path, message }) => [path, message]));

const broken = JSON.stringify({
  external_id: 'A-1',
  number: '‹hidden 1›',
  tier: 'overnight',
  currency: 'pounds',
  lines: [{ sku: 'A', quantity: '2' }],
});

describe('an order of Syncline’s own API, as one types', () => {
  it('is held against what the engine reads, field by field and in words', () => {
    const problems = found(ours, broken);
    expect(problems.get('/tier')).toBe('One of these is expected: express, standard, economy.');
    expect(problems.get('/currency')).toBe('An ISO 4217 code such as "USD" is expected here.');
    expect(problems.get('/lines/0/quantity')).toBe('A number is expected here.');
    expect(problems.has('/placed_at')).toBe(true);
    expect(problems.has('/lines/0/discounts')).toBe(false);
    expect(found(ours, '{"lines":[]}').get('/lines')).toBe('This may not be empty.');
  });
  it('names what is missing, where it is missing', () => {
    const marks = fieldProblems(broken, ours(broken), 'received');
    expect(marks.map(({ message }) => message)).toContain(
      'lines 1 › title is missing. Text in double quotes is expected here.',
    );
  });
  it('may be anything at all while it is being typed', () => {
    for (const text of ['{"toString":[]}', '{"lines":{"toString":1}}', '[]', 'null', '{"currency":{"toString":[]}}'])
      expect(() => ours(text)).not.toThrow();
  });
  it('is not judged by values that are hidden, nor while it is not JSON', () => {
    expect(ours('{"number":"‹hidden 1›"')).toEqual([]);
    expect(found(ours, '{"external_id":"‹hidden 2›"}').has('/external_id')).toBe(false);
  });
});

const order = readFileSync(new URL('../../tests/fixtures/shopify-order.json', import.meta.url), 'utf8');
const changed = (from: string, to: string) => {
  expect(order).toContain(from);
  return order.replace(from, to);
};

describe('an order of Shopify, as one types', () => {
  it('has nothing wrong as it arrives, with numbers beyond 2^53 and fields that nobody reads', () => {
    expect(shopify(order)).toEqual([]);
    expect(shopify(changed('"currency"', '"a_field_of_next_year": [1], "currency"'))).toEqual([]);
  });
  it('may write numbers and texts as its vendor does, and is told by its digits what is wrong', () => {
    expect(shopify(changed('"id": 5882913048619122731', '"id": "5882913048619122731"'))).toEqual([]);
    expect(found(shopify, changed('"id": 5882913048619122731', '"id": 5.5'))).toEqual(
      new Map([['/id', 'A numeric id is expected here.']]),
    );
    expect(found(shopify, changed('"total_tax": "19.83"', '"total_tax": "19,83"'))).toEqual(
      new Map([['/total_tax', 'An amount such as "12.30" is expected here.']]),
    );
    expect(found(shopify, changed('"created_at": "2026-02-14T21:05:09-05:00"', '"created_at": "yesterday"'))).toEqual(
      new Map([['/created_at', 'A date and time such as 2026-03-01T09:30:00.000Z is expected here.']]),
    );
    expect(found(shopify, changed('"name": "#NL20417"', '"name": true'))).toEqual(
      new Map([['/name', 'Text in double quotes or a number is expected here.']]),
    );
  });
  it('names what is wrong within something that may also be absent', () => {
    const text = changed(
      '"total_discounts_set": {\n    "shop_money": { "amount": "30.49"',
      '"total_discounts_set": {\n    "shop_money": { "amount": "a lot"',
    );
    expect([...found(shopify, text).keys()]).toEqual(['/total_discounts_set/shop_money/amount']);
    expect(found(shopify, changed('"customer": {', '"customer": "Mara", "was": {')).get('/customer')).toBe(
      'An object in braces is expected here.',
    );
  });
  it('is judged exactly as the engine judges it, whatever is written into it', () => {
    const places = placesOf(JSON.parse(order));
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('12.30', '-5', '1e3', '2026-01-01T00:00:00Z', '', 7, 7.5));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.option(value, { nil: undefined }), (place, written) => {
        const document: unknown = JSON.parse(order);
        write(document, place, written);
        const text = JSON.stringify(document);
        const engine = payloadOrder.safeParse(parseExactJson(text)).error?.issues ?? [];
        expect(new Set(found(shopify, text).keys())).toEqual(new Set(engine.map(({ path }) => jsonPointer(path))));
      }),
      { numRuns: 200 },
    );
  });
});

type Place = readonly (string | number)[];

function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, one]) => placesOf(one, [...at, key]))].filter(
    (p) => p.length > 0,
  );
}

/** Writes a value to a place, or takes away what is there. */
function write(document: unknown, place: Place, value: unknown): void {
  const parent = place.slice(0, -1).reduce<unknown>((one, key) => (one as Record<string, unknown>)[key], document);
  const key = place.at(-1) ?? '';
  if (value !== undefined) (parent as Record<string, unknown>)[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Record<string, unknown>)[key];
}
