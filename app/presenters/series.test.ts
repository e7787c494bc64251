import { describe, expect, it } from 'vitest';
import { relativeChange } from './change.ts';
import { ratesOn } from '#platform/rates.ts';
import { inReportingCurrency, ratesInWords } from './money-sum.ts';
import { seriesOf } from './series.ts';
import { countTicks, durationTicks } from './ticks.ts';

const range = { from: '2026-03-01T12:00:30.000Z', to: '2026-03-01T12:04:20.000Z', bucketSeconds: 60 };
const rows = [
  { bucket_at: '2026-03-01T12:01:00Z', n: 4 },
  { bucket_at: '2026-03-01T12:04:00Z', n: 1 },
];

describe('a series', () => {
  it('keeps gaps as gaps where nothing can be measured', () => {
    expect(seriesOf(rows, range, null, (row) => row.n).map(({ value }) => value)).toEqual([4, null, null, 1]);
  });
  it('counts nothing as zero where things are counted', () => {
    expect(seriesOf(rows, range, 0, (row) => row.n).map(({ value }) => value)).toEqual([4, 0, 0, 1]);
  });
  it('marks the bucket that still runs and leaves out the first part of one', () => {
    const points = seriesOf(rows, range, 0, (row) => row.n);
    expect(points[0]?.at).toBe('2026-03-01T12:01:00.000Z');
    expect(points.map(({ open }) => open)).toEqual([false, false, false, true]);
  });
});

it('adds money of several currencies exactly and names what has no rate', () => {
  const rates = ratesOn('2026-03-01', { reporting_currency: 'USD', rates: { USD: '1', EUR: '1.08' } }, []);
  expect(
    inReportingCurrency(
      [
        ['EUR', '0.10'],
        ['USD', '0.20'],
        ['CHF', '5'],
      ],
      rates,
    ),
  ).toEqual({
    amount: '0.31',
    currency: 'USD',
    withoutRate: ['CHF'],
  });
});

it('says by which rates several currencies were added, and since when they hold', () => {
  const declared = { reporting_currency: 'USD', rates: { EUR: '1.08', GBP: '1.27' } };
  const set = [{ day: '2026-02-28', currency: 'EUR', rate: '1.0934' }];
  expect(ratesInWords(ratesOn('2026-03-01', declared, set))).toBe(
    'Rates to USD: EUR 1.0934 of 28 Feb 2026, GBP 1.27 of the estate file.',
  );
  expect(ratesInWords(ratesOn('2026-03-01', { reporting_currency: 'USD', rates: { USD: '1' } }, []))).toBe('');
});

it('compares with nothing by saying nothing', () => {
  expect(relativeChange(5, 0)).toBeUndefined();
  expect(relativeChange(5, 5, 'more')).toEqual({ words: '±0.0 %', better: undefined });
});

it('marks an axis of durations with round values', () => {
  expect(durationTicks(356_000)).toEqual([0, 120_000, 240_000, 360_000]);
  expect(durationTicks(0)).toEqual([0, 10]);
});

it('marks an axis of counts with whole values', () => {
  expect(countTicks(3)).toEqual([0, 1, 2, 3]);
  expect(countTicks(0.2)).toEqual([0, 1]);
  expect(countTicks(38)).toEqual([0, 10, 20, 30, 40]);
  expect(countTicks(430)).toEqual([0, 100, 200, 300, 400, 500]);
});
