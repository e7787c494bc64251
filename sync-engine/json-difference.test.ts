import { expect, test } from 'vitest';
import { differingPaths } from './json-difference.ts';

test('names the deepest places that differ, in order', () => {
  expect(differingPaths({ a: 1, b: { c: [1, 2], 'd/e': 'x' } }, { a: 1, b: { c: [1, 3], 'd/e': 'y' }, f: 0 })).toEqual([
    '/b/c/1',
    '/b/d~1e',
    '/f',
  ]);
});

test('arrays of another length differ as a whole, and what is absent is null', () => {
  expect(differingPaths({ lines: [1] }, { lines: [1, 2] })).toEqual(['/lines']);
  expect(differingPaths({ note: null }, {})).toEqual([]);
  expect(differingPaths([1], { 0: 1 })).toEqual(['']);
});
