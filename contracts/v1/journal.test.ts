import { describe, expect, test } from 'vitest';
import { journal } from './journal.ts';

const entry = (lines: { debit?: string; credit?: string }[]) =>
  journal.safeParse({
    schema_version: 1,
    posting_key: 'day-1',
    legal_entity: 'us-retail',
    currency: 'USD',
    date: '2026-03-01',
    memo: 'Takings',
    lines: lines.map((line) => ({ account: 'cash', ...line })),
  });
const problems = (lines: { debit?: string; credit?: string }[]) =>
  entry(lines).error?.issues.map(({ path, message }) => `${path.join('/')}: ${message}`);

describe('a journal entry', () => {
  test('balances to the last digit, whatever the scale of its amounts', () => {
    expect(entry([{ debit: '0.3' }, { credit: '0.10' }, { credit: '0.200' }]).success).toBe(true);
    expect(problems([{ debit: '0.3' }, { credit: '0.299999' }])).toEqual(['lines: debits and credits differ']);
    expect(entry([{ debit: '999999999999999.999999' }, { credit: '999999999999999.999999' }]).success).toBe(true);
  });

  test('moves money on one side of each line, and never less than nothing', () => {
    const sides = ': expected either a debit or a credit';
    expect(problems([{ debit: '1', credit: '1' }, {}])).toEqual([`lines/0${sides}`, `lines/1${sides}`]);
    const positive = 'expected an amount above zero: a debit taken back is a credit';
    expect(problems([{ debit: '-1' }, { credit: '0.00' }])).toEqual([
      `lines/0/debit: ${positive}`,
      `lines/1/credit: ${positive}`,
      'lines: debits and credits differ',
    ]);
    expect(problems([{ debit: 'ten' }, { credit: '10' }])).toContain(
      'lines/0/debit: expected a decimal string such as "12.30"',
    );
  });
});
