import { expect, test } from 'vitest';
import { editedFields } from './order-edit.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const order = (more: object = {}) => ({
  updated_at: '2026-05-01T10:00:00Z',
  tags: '',
  line_items: [{ id: 1, sku: 'A', quantity: 1, fulfillment_status: null }],
  shipping_address: { city: 'Leith' },
  ...more,
});
const later = { updated_at: '2026-05-01T11:00:00+00:00' };

test('an edit of lines or addresses is named; what Shopify does by itself is not', () => {
  const edited = order({
    ...later,
    tags: 'acknowledged',
    line_items: [{ id: 1, sku: 'A', quantity: 2, fulfillment_status: 'fulfilled' }],
    shipping_address: { city: 'Perth' },
  });
  expect(editedFields(bytes(order()), bytes(edited))).toEqual(['/shipping_address/city', '/line_items/0/quantity']);
  expect(editedFields(bytes(order()), bytes(order({ ...later, tags: 'x' })))).toEqual([]);
});

test('an older version, or one that cannot be read, edits nothing', () => {
  expect(editedFields(bytes(order(later)), bytes(order({ note: 'x' })))).toEqual([]);
  expect(editedFields(bytes(order()), bytes('not json'))).toEqual([]);
  expect(editedFields(bytes('null'), bytes(order(later)))).toEqual([]);
});

test('a payload without a time of its own is older than one that has one', () => {
  const { updated_at: _, ...undated } = order();
  expect(editedFields(bytes(undated), bytes(order({ ...later, note: 'x' })))).toEqual(['/note']);
});
