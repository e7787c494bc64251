import { describe, expect, it } from 'vitest';
import { incompatibilities } from './compatibility.ts';
import type { JsonSchema } from './published.ts';

const lines = (before: JsonSchema, after: JsonSchema, use: 'accepted' | 'emitted' = 'accepted') =>
  incompatibilities(before, after, use).map((one) => `${one.path}: ${one.message}`);

const text = { type: 'string' };
const object = (properties: JsonSchema, required: string[] = [], rest: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  required,
  ...rest,
});

describe('what may change in a published schema', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['nothing', object({ a: text }, ['a']), object({ a: text }, ['a'])],
    ['words about it', { ...text, title: 'A' }, { ...text, title: 'B', description: 'C', default: 'd' }],
    ['a new optional property', object({ a: text }), object({ a: text, b: text })],
    ['an accepted property that becomes optional', object({ a: text }, ['a']), object({ a: text })],
    ['a longer string', { ...text, maxLength: 5 }, { ...text, maxLength: 6 }],
    ['a bound that goes', { ...text, maxLength: 5, pattern: 'x' }, text],
    ['a lower minimum', { type: 'integer', minimum: 1 }, { type: 'integer', minimum: 0 }],
    ['whole numbers become numbers', { type: 'integer' }, { type: 'number' }],
    ['a further type', text, { type: ['string', 'null'] }],
    ['a further enum value', { ...text, enum: ['a'] }, { ...text, enum: ['a', 'b'] }],
    ['a constant becomes an enum', { ...text, const: 'a' }, { ...text, enum: ['a', 'b'] }],
    ['an enum becomes open', { ...text, enum: ['a'] }, text],
    ['a short constant under a bound', { ...text, const: 'a' }, { ...text, maxLength: 10 }],
    ['a further alternative', { anyOf: [text] }, { anyOf: [text, { type: 'null' }] }],
    ['alternatives in another order', { anyOf: [text, { type: 'null' }] }, { anyOf: [{ type: 'null' }, text] }],
    ['a plain schema becomes one alternative', text, { anyOf: [{ type: 'null' }, text] }],
    ['alternatives become one wider schema', { anyOf: [{ const: 'a' }, { const: 'b' }] }, {}],
    ['oneOf becomes anyOf', { oneOf: [text] }, { anyOf: [text] }],
    ['closed objects that open', object({}, [], { additionalProperties: false }), object({})],
    [
      'a wider value of an open object',
      { additionalProperties: { ...text, maxLength: 1 } },
      { additionalProperties: text },
    ],
    ['names of any form', { propertyNames: { pattern: 'x' } }, {}],
    ['items of any kind', { type: 'array', items: text }, { type: 'array' }],
  ])('allows %s', (_, before, after) => {
    expect(lines(before, after)).toEqual([]);
  });

  it.each<[string, JsonSchema, JsonSchema, string]>([
    ['a removed property', object({ a: text }), object({}), '$.a: was removed'],
    ['a new required property', object({}), object({ a: text }, ['a']), '$.a: is now required'],
    [
      'an optional property that becomes required',
      object({ a: text }),
      object({ a: text }, ['a']),
      '$.a: is now required',
    ],
    ['another type', text, { type: 'number' }, '$: type string is no longer accepted, only number'],
    ['fewer types', { type: ['string', 'null'] }, text, '$: type null is no longer accepted, only string'],
    ['any type becoming one', {}, text, '$: was of any type, now only string'],
    [
      'numbers becoming whole',
      { type: 'number' },
      { type: 'integer' },
      '$: type number is no longer accepted, only integer',
    ],
    ['a lost enum value', { enum: ['a', 'b'] }, { enum: ['a'] }, '$: "b" is no longer accepted'],
    ['an enum becoming a constant', { enum: [1, 2] }, { const: 2 }, '$: 1 is no longer accepted'],
    ['an open value becoming an enum', text, { ...text, enum: ['a'] }, '$: was open, now only "a"'],
    ['a changed pattern', { ...text, pattern: 'a' }, { ...text, pattern: 'b' }, '$: pattern changed from "a" to "b"'],
    ['an added pattern', text, { ...text, pattern: 'b' }, '$: pattern "b" was added'],
    ['an added format', text, { ...text, format: 'email' }, '$: format "email" was added'],
    ['a shorter string', { ...text, maxLength: 5 }, { ...text, maxLength: 4 }, '$: maxLength went from 5 to 4'],
    ['an added bound', text, { ...text, minLength: 1 }, '$: minLength 1 was added'],
    ['a higher minimum', { type: 'number', minimum: 0 }, { type: 'number', minimum: 1 }, '$: minimum went from 0 to 1'],
    ['an exclusive bound', { minimum: 0 }, { exclusiveMinimum: 0 }, '$: exclusiveMinimum 0 was added'],
    ['fewer items', { type: 'array', maxItems: 2 }, { type: 'array', maxItems: 1 }, '$: maxItems went from 2 to 1'],
    [
      'narrower items',
      { type: 'array', items: {} },
      { type: 'array', items: text },
      '$[*]: was of any type, now only string',
    ],
    [
      'a closed object',
      object({}),
      object({}, [], { additionalProperties: false }),
      '$: further properties are no longer accepted',
    ],
    [
      'narrower values',
      { additionalProperties: {} },
      { additionalProperties: text },
      '$.*: was of any type, now only string',
    ],
    ['narrower names', {}, { propertyNames: { pattern: 'x' } }, '$.(name): pattern "x" was added'],
    ['a keyword it cannot judge', {}, { not: text }, '$: "not" changed, which this comparison cannot judge'],
  ])('refuses %s', (_, before, after, message) => {
    expect(lines(before, after)).toEqual([message]);
  });

  it('names the place deep inside a document', () => {
    const order = (quantity: JsonSchema) =>
      object({ lines: { type: 'array', items: object({ quantity }, ['quantity']) } });
    expect(lines(order({ type: 'integer', maximum: 9 }), order({ type: 'integer', maximum: 8 }))).toEqual([
      '$.lines[*].quantity: maximum went from 9 to 8',
    ]);
  });

  it('says which alternative is gone and how the closest one differs', () => {
    const before = { anyOf: [{ const: '' }, { ...text, maxLength: 5 }] };
    const after = { anyOf: [{ const: '' }, { ...text, maxLength: 4 }] };
    expect(lines(before, after)).toEqual([
      '$: alternative 2 of 2 is no longer accepted',
      '$: maxLength went from 5 to 4',
    ]);
  });

  it('keeps what stands beside anyOf', () => {
    const before = { maxLength: 5, anyOf: [{ type: 'string' }, { type: 'null' }] };
    expect(lines(before, { ...before, maxLength: 4 })).not.toEqual([]);
  });
});

describe('what others read', () => {
  it('may not go missing', () => {
    expect(lines(object({ a: text }, ['a']), object({ a: text }), 'emitted')).toEqual([
      '$.a: was always there, now it may be missing',
    ]);
  });

  it('may not become of another type', () => {
    expect(lines(text, { type: ['string', 'null'] }, 'emitted')).toEqual([
      '$: readers know only string, now it may be null',
    ]);
    expect(lines(text, { anyOf: [text, { type: 'number' }] }, 'emitted')).toHaveLength(1);
  });

  it('may gain names in an enum and further properties', () => {
    expect(lines({ ...text, enum: ['a'] }, { ...text, enum: ['a', 'b'] }, 'emitted')).toEqual([]);
    expect(lines(object({}), object({ a: text }, []), 'emitted')).toEqual([]);
  });
});
