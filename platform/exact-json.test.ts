import { describe, expect, test } from 'vitest';
import { exactNumber, parseExactJson, stringifyExactJson } from './exact-json.ts';

describe('exact JSON', () => {
  test('keeps every digit of a 64-bit id and of an amount', () => {
    expect(parseExactJson('{"id":820982911946154508,"rate":0.10}')).toEqual({ id: '820982911946154508', rate: '0.10' });
  });
  test('writes numbers with the digits they were given', () => {
    expect(
      stringifyExactJson({ id: exactNumber('820982911946154508'), amount: exactNumber('199.00'), none: undefined }),
    ).toBe('{"id":820982911946154508,"amount":199.00}');
  });
  test('tells malformed text with its position', () => {
    expect(() => parseExactJson('{"a": }')).toThrow(/position 6/);
  });
  test('refuses a document nested too deeply instead of overflowing', () => {
    expect(() => parseExactJson('['.repeat(200_000))).toThrow(SyntaxError);
  });
});
