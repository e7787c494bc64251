import { expect, it } from 'vitest';
import type { IntakeHeaders } from '#contracts/v1/intake.ts';
import { readMasterMessage } from './apply.ts';

const headers = (resource: string): IntakeHeaders => ({
  'syncline-system': 'marketplace',
  'syncline-topic': 'channel.product',
  'syncline-received-at': '2026-03-01T12:00:00.000Z',
  'syncline-origin': 'live',
  'syncline-client': 'pim',
  'syncline-resource': resource,
});

it('makes a product of its path and its body', () => {
  const body = {
    title: 'Shirt',
    active: false,
    brand: 'northwind',
    unit_of_measure: 'EA',
    updated_at: '2026-03-01T10:00:00.000Z',
  };
  expect(readMasterMessage(headers('/v1/products/A%2F1'), JSON.stringify(body))).toEqual({
    kind: 'product',
    value: { ...body, schema_version: 1, sku: 'A/1' },
  });
});

it('makes a mapping of its path and its body; the sender’s system and the time of arrival unless told', () => {
  const value = { kind: 'sku', system: 'marketplace', code: 'ä b', target: 'SKU-1', reason: '', changed_by: 'api:pim' };
  const resource = '/v1/mappings/sku/%C3%A4%20b';
  expect(readMasterMessage(headers(resource), '{"target":"SKU-1"}')).toEqual({
    kind: 'mapping',
    value: { ...value, changed_at: '2026-03-01T12:00:00.000Z' },
  });
  const told = '{"target":"SKU-1","system":"wms-east","changed_at":"2026-03-01T09:00:00.000Z"}';
  expect(readMasterMessage(headers(resource), told)).toEqual({
    kind: 'mapping',
    value: { ...value, system: 'wms-east', changed_at: '2026-03-01T09:00:00.000Z' },
  });
});

it.each([
  ['/v1/prices/A', '{}'],
  ['', '{}'],
  ['/v1/products/A', '{'],
  ['/v1/products/A', '{"title":"Shirt"}'],
  ['/v1/products/A%ZZ', '{}'],
])('cannot understand %j with %j', (resource, body) => {
  expect(() => readMasterMessage(headers(resource), body)).toThrow();
});
