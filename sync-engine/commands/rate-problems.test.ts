import { expect, it } from 'vitest';
import { rateProblems } from './rate-problems.ts';

const today = '2026-03-01';
const problems = (...entries: { day?: string; currency?: string }[]) =>
  rateProblems(
    entries.map((one) => ({ day: today, currency: 'EUR', rate: '1.08', ...one })),
    { reporting_currency: 'USD' },
    today,
  ).map(({ path, message }) => `${path} ${message}`);

it('rates of the past, of today and of the year to come are taken', () => {
  expect(problems({ day: '2000-01-01' }, {}, { day: '2027-03-02' }, { currency: 'JPY' })).toEqual([]);
});

it('a mistyped year, a currency that is none, the reporting currency and a day given twice are named', () => {
  expect(problems({ day: '2062-03-01' }, { day: '1999-12-31' })).toEqual([
    expect.stringContaining('/entries/0/day 2062-03-01 is not within 2000-01-01 to 2027-03-02') as string,
    expect.stringContaining('/entries/1/day') as string,
  ]);
  expect(problems({ currency: 'EUX' })).toEqual([
    expect.stringContaining('/entries/0/currency EUX is no currency') as string,
  ]);
  expect(problems({ currency: 'USD' })).toEqual([expect.stringContaining('it is always 1') as string]);
  expect(problems({}, { day: '2026-02-28' }, {})).toEqual([expect.stringContaining('/entries/2/day') as string]);
});
