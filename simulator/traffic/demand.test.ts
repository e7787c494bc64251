import { expect, it } from 'vitest';
import { createBucket } from '../bucket.ts';
import { createRandom } from '../random.ts';
import { arrivals, demandFactor } from './demand.ts';

it('spreads a day of orders over the day without adding any', () => {
  const minutes = Array.from({ length: 1440 }, (_, minute) =>
    demandFactor(new Date(Date.UTC(2026, 2, 1, 0, minute)), 0),
  );
  expect(minutes.reduce((sum, factor) => sum + factor, 0) / 1440).toBeCloseTo(1, 3);
  expect(Math.max(...minutes)).toBeLessThanOrEqual(2);
});

it('is busiest in the evening of the customers, not of the server', () => {
  const evening = new Date('2026-03-01T02:30:00.000Z');
  expect(demandFactor(evening, -6)).toBeGreaterThan(demandFactor(evening, 0));
});

it('lets in about as many orders as a day has, all within it and in order', () => {
  const from = new Date('2026-03-01T00:00:00.000Z');
  const to = new Date('2026-03-02T00:00:00.000Z');
  const moments = arrivals(createRandom('day'), from, to, 5000, 1);
  expect(Math.abs(moments.length - 5000)).toBeLessThan(300);
  expect(moments.every((moment) => moment >= from && moment < to)).toBe(true);
  expect(moments).toEqual([...moments].sort((a, b) => a.getTime() - b.getTime()));
});

it('leaks a full bucket at its rate', () => {
  let now = 0;
  const bucket = createBucket(2, 1, () => now);
  expect([bucket.take(1), bucket.take(1), bucket.take(1)]).toEqual([true, true, false]);
  expect(bucket.secondsUntil(1)).toBe(1);
  now = 1000;
  expect(bucket.take(1)).toBe(true);
});
