import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { check, findSyntaxProblem, jsonPointer, parseJson } from './json.ts';
import { Refused } from './problem.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error('was not refused');
};

describe('the place where a text stops being JSON', () => {
  it.each([
    ['{"a":}', 1, 6, 5, 'value expected'],
    ['{"a":1,\n"b":2,\n}', 3, 1, 15, 'property name expected'],
    ['{"a" 1}', 1, 6, 5, 'colon expected'],
    ['[1,2', 1, 5, 4, 'close bracket expected'],
    ['{"a":1} 2', 1, 9, 8, 'end of file expected'],
    ['', 1, 1, 0, 'value expected'],
    ['{"a": "ö\n', 1, 7, 6, 'unexpected end of string'],
  ])('of %j is line %d, column %d, offset %d: %s', (text, line, column, offset, message) => {
    expect(findSyntaxProblem(text)).toEqual({ line, column, offset, message });
  });

  it('is unknown where the nesting exhausts the parser', () => {
    expect(findSyntaxProblem('['.repeat(200_000))).toBeUndefined();
    expect(refusal(() => parseJson(bytes('['.repeat(200_000)))).status).toBe(400);
  });
});

it('parses what is JSON, and takes no byte order mark', () => {
  expect(parseJson(bytes('{"a":[1,"ö"]}'))).toEqual({ a: [1, 'ö'] });
  expect(refusal(() => parseJson(bytes('\uFEFF{}'))).detail).toContain('line 1, column 1');
});

it('writes paths as JSON Pointers', () => {
  expect(jsonPointer(['lines', 0, 'a/b~c'])).toBe('/lines/0/a~1b~0c');
  expect(jsonPointer([])).toBe('');
});

it('lists every offending path, up to 200', () => {
  const schema = z.object({ a: z.string(), list: z.array(z.number()) });
  expect(refusal(() => check(schema, { list: ['x', 1, 'y'] }))).toMatchObject({
    status: 422,
    detail: 'The content does not fit its schema in 3 places.',
    errors: [{ path: '/a' }, { path: '/list/0' }, { path: '/list/2' }],
  });
  expect(refusal(() => check(schema, { a: '', list: Array(500).fill('x') })).errors).toHaveLength(200);
});
