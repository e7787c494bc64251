import { expect, test } from 'vitest';
import { allocationReference, isTransactionKey, keyOfReference } from './key.ts';

test.each([
  ['shopify-us==820982911946154508', 'shopify-us==820982911946154508'],
  ['shop==a=3Ab:dc-east', 'shop==a=3Ab'],
  ['shop==1/2', 'shop==1'],
])('reference %s is of order %s', (reference, key) => {
  expect(keyOfReference(reference)).toBe(key);
});

test('every allocation has a reference of its own, which leads back to its order and is no key itself', () => {
  const references = [1, 2, 11].map((n) => allocationReference('shop==1', n));
  expect(new Set(references).size).toBe(3);
  expect(references.map(keyOfReference)).toEqual(['shop==1', 'shop==1', 'shop==1']);
  expect(references.map(isTransactionKey)).toEqual([true, false, false]);
});
