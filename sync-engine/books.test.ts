import { expect, test } from 'vitest';
import { booksAt } from './books.ts';

const entity = {
  ...{ id: 'uk', name: 'UK', country_code: 'GB', currency: 'GBP', erp: 'old', erp_subsidiary: '4' },
  moves: [
    { from: '2026-12-01T00:00:00.000Z', erp: 'new', erp_subsidiary: 'UK01', domains: ['orders' as const] },
    { from: '2026-06-01T00:00:00.000Z', erp: 'tills', erp_subsidiary: 'T', domains: ['takings' as const] },
    { from: '2027-01-01T00:00:00.000Z', erp: 'newer', erp_subsidiary: 'U', domains: ['orders' as const] },
  ],
};

test.each([
  ['orders', '2026-11-30T23:59:59.999Z', 'old'],
  ['orders', '2026-12-01T00:00:00.000Z', 'new'],
  ['orders', '2027-02-01T00:00:00.000Z', 'newer'],
  ['takings', '2026-12-01T00:00:00.000Z', 'tills'],
  ['payouts', '2028-01-01T00:00:00.000Z', 'old'],
] as const)('the books of %s that begin at %s are those of %s', (domain, began, erp) => {
  expect(booksAt(entity, domain, began).erp).toBe(erp);
});

test('an entity that never moved has one set of books', () => {
  const { moves: _, ...settled } = entity;
  expect(booksAt(settled, 'orders', '2099-01-01T00:00:00.000Z')).toEqual({ erp: 'old', subsidiary: '4' });
});
