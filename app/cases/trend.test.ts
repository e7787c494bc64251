import { describe, expect, test } from 'vitest';
import { trendOf } from './trend.ts';

const now = new Date('2026-10-02T12:00:00.000Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
const quiet = { first_at: hoursAgo(200), last_hour: 0, day_before: 0, open_since: hoursAgo(100), last_cured_at: '' };

describe('a cause is', () => {
  test('new for its first day, also where it begins with a burst', () => {
    expect(trendOf({ ...quiet, first_at: hoursAgo(0.5), last_hour: 300 }, now)).toBe('new');
    expect(trendOf({ ...quiet, first_at: hoursAgo(23.9) }, now)).toBe('new');
    expect(trendOf({ ...quiet, first_at: hoursAgo(24) }, now)).toBe('known');
  });

  test('escalating at more than three times its hourly mean, from five cases on', () => {
    expect(trendOf({ ...quiet, last_hour: 7, day_before: 48 }, now)).toBe('escalating');
    expect(trendOf({ ...quiet, last_hour: 6, day_before: 48 }, now)).toBe('known');
    expect(trendOf({ ...quiet, last_hour: 4, day_before: 0 }, now)).toBe('known');
    expect(trendOf({ ...quiet, last_hour: 5, day_before: 0 }, now)).toBe('escalating');
  });

  test('measured by the hours it exists where those are fewer than a day', () => {
    const young = { ...quiet, first_at: hoursAgo(3) };
    expect(trendOf({ ...young, last_hour: 7, day_before: 4 }, now)).toBe('escalating');
    expect(trendOf({ ...young, last_hour: 6, day_before: 4 }, now)).toBe('new');
  });

  test('regressed where all that is open came after it was cured', () => {
    const cured = { ...quiet, last_cured_at: hoursAgo(50) };
    expect(trendOf({ ...cured, open_since: hoursAgo(2) }, now)).toBe('regressed');
    expect(trendOf({ ...cured, open_since: hoursAgo(60) }, now)).toBe('known');
    expect(trendOf({ ...cured, open_since: '' }, now)).toBe('known');
  });
});
