import { describe, expect, test } from 'vitest';
import { fingerprint, fingerprintOf, normaliseMessage, normalisePath, type Failure } from './fingerprint.ts';

const failure: Failure = {
  flow: 'order_to_cash',
  step: 'erp_create_sales_order',
  errorClass: 'rejected',
  path: '/lines/0/sku',
  message: 'Invalid value for item 9999 of order #1001',
};

describe('the fingerprint of a failure', () => {
  test('is short and stable', () => {
    expect(fingerprint(failure)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint(failure)).toBe(fingerprint({ ...failure }));
  });
  test('is the same for another order and another line', () => {
    const other = { ...failure, path: '/lines/17/sku', message: 'Invalid value for item 42 of order #29993' };
    expect(fingerprint(other)).toBe(fingerprint(failure));
  });
  test.each([
    { flow: 'inventory_sync' as const },
    { step: 'wms_release' },
    { errorClass: 'validation' as const },
    { path: '/lines/0/quantity' },
    { message: 'Something else' },
  ])('differs by %o', (change) => {
    expect(fingerprint({ ...failure, ...change })).not.toBe(fingerprint(failure));
  });
  test('differs by a code that is not mapped, and is otherwise what it is without one', () => {
    const unmapped = (code: string) =>
      fingerprint({ ...failure, code, message: `The tax "${code}" has no tax code in netsuite.` });
    expect(unmapped('Levy 7')).not.toBe(unmapped('Levy 8'));
    expect(unmapped('Levy  7')).toBe(unmapped('levy 7'));
    expect(unmapped('VAT19')).toBe(
      fingerprint({ ...failure, message: 'The tax "VAT19" has no tax code in netsuite.' }),
    );
  });
  test('is the same for all items that are not in the item master, whatever their numbers', () => {
    const missing = (error_class: 'reference' | 'mapping', sku: string) =>
      fingerprintOf('inventory_sync', 'stock_changed', {
        ...{ error_class, error_code: 'unknown_sku', path: '/sku', document: 'received' },
        message: `The SKU "${sku}" is not in the item master.`,
        missing_mapping: { kind: 'sku', system: 'wms-east', code: sku },
      });
    expect(missing('reference', '4006381333931')).toBe(missing('reference', '4006381333948'));
    expect(missing('mapping', '4006381333931')).not.toBe(missing('mapping', '4006381333948'));
  });
  test('does not mix up parts that run into one another', () => {
    const a = fingerprint({ ...failure, path: '/a', message: 'b' });
    const b = fingerprint({ ...failure, path: '/a b', message: '' });
    expect(a).not.toBe(b);
  });
});

test.each([
  ['/lines/3/taxes/0/code', '/lines/*/taxes/*/code'],
  ['/850[1]/PO1[3]/PO104', '/850[*]/PO1[*]/PO104'],
  ['/0', '/*'],
  ['/line2/x', '/line2/x'],
  ['', ''],
])('path %s becomes %s', (path, expected) => {
  expect(normalisePath(path)).toBe(expected);
});

test.each([
  ['Order 5882913048619122731 failed', 'order <n> failed'],
  ['Amount 1,234.50 differs from -3.00', 'amount <n> differs from <n>'],
  ['mail to Jo.Doe+x@mail.example.org bounced', 'mail to <email> bounced'],
  ['see https://example.com/a?b=1 now', 'see <url> now'],
  ['at 2026-02-15T10:00:00.000Z or 2026-02-15', 'at <date> or <date>'],
  ['key shopify-us==820982911946154508:7', 'key <id>:<n>'],
  ['id 3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'id <id>'],
  ['gid://shopify/Order/1 is gone', '<id> is gone'],
  ['parcel 1Z999AA10123456784 lost', 'parcel <id> lost'],
  ['request req_9f8e7d6c5b4a3210 failed', 'request <id> failed'],
  ['The tax "VAT19" is unmapped', 'the tax "vat19" is unmapped'],
  ['The tax "US-NY-8875" is unmapped', 'the tax "us-ny-8875" is unmapped'],
  ['  spaces\n and lines ', 'spaces and lines'],
])('message %s', (message, expected) => {
  expect(normaliseMessage(message)).toBe(expected);
});
