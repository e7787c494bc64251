import { expect, it } from 'vitest';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { estateNames } from '#app/words/names.ts';
import { summarise } from './posting-summary.ts';

const where = { system: 'erp', legal_entity: 'us-co', document: 'invoice' };
const none = { failed: 0, pending: 0, posted: 0, compensated: 0, superseded: 0, skipped: 0 };

it('has a line for what was attempted or found posted, and none for what was only skipped', () => {
  const groups = [
    { ...where, ...none, posted: 2, failed: 1, skipped: 4 },
    { ...where, ...none, document: 'payment', skipped: 3 },
  ];
  const found = [{ ...where, document: 'refund', prevented: 1 }];
  expect(summarise(groups, found, estateNames(smallEstate))).toMatchObject([
    { document: 'invoice', attempted: 3, failed: 1, posted: 2, prevented: 0 },
    { document: 'refund', attempted: 0, prevented: 1 },
  ]);
});
