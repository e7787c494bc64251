import { describe, expect, it } from 'vitest';
import { timeFormat, timeReader } from './time-format.ts';

describe('a time in a file', () => {
  it.each([
    ['iso', undefined, '2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['iso', undefined, '2026-03-01 09:30:00.123456+02:00', '2026-03-01T07:30:00.123Z'],
    ['iso', undefined, '2026-03-01T09:30:00+0530', '2026-03-01T04:00:00.000Z'],
    ['iso', 'America/New_York', '2026-03-01T09:30:00', '2026-03-01T14:30:00.000Z'],
    ['iso', 'UTC', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['epoch_s', undefined, '1772357400', '2026-03-01T09:30:00.000Z'],
    ['epoch_s', undefined, '1772357400.5', '2026-03-01T09:30:00.500Z'],
    ['epoch_ms', undefined, '1772357400123', '2026-03-01T09:30:00.123Z'],
    ['%d.%m.%Y %H:%M', 'Europe/Berlin', '1.3.2026 9:30', '2026-03-01T08:30:00.000Z'],
    ['%m/%d/%y %I:%M:%S %p', 'UTC', '03/01/26 12:05:09 am', '2026-03-01T00:05:09.000Z'],
    ['%d-%b-%Y %H:%M:%S.%f', 'UTC', '01-MAR-2026 09:30:00.7', '2026-03-01T09:30:00.700Z'],
    ['%Y%m%d%H%M%S%z', undefined, '20260301093000-0500', '2026-03-01T14:30:00.000Z'],
    ['[%Y-%m-%d (%H:%M)]', 'UTC', '[2026-03-01 (09:30)]', '2026-03-01T09:30:00.000Z'],
  ])('of the form %s in %s, %s is %s', (format, zone, text, instant) => {
    expect(timeFormat.safeParse(format).success).toBe(true);
    expect(timeReader(format, zone)(text)).toBe(instant);
  });

  it.each([
    ['that the clock shows twice is the first of the two', '2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z'],
    ['that the clock skips is the one after', '2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z'],
    ['before a change of clocks is of the old offset', '2026-03-29 01:59:59', '2026-03-29T00:59:59.000Z'],
    ['after a change of clocks is of the new offset', '2026-03-29 03:00:00', '2026-03-29T01:00:00.000Z'],
  ])('%s', (_, text, instant) => {
    expect(timeReader('%Y-%m-%d %H:%M:%S', 'Europe/Berlin')(text)).toBe(instant);
  });

  it.each([
    ['iso', undefined, '2026-03-01T09:30:00'],
    ['iso', 'UTC', '2026-02-30T09:30:00'],
    ['iso', 'UTC', '2026-03-01T25:00:00'],
    ['%d.%m.%Y', 'UTC', '2026-03-01'],
    ['%d.%m.%Y', 'UTC', '01.13.2026'],
    ['%d-%b-%Y', 'UTC', '01-Mai-2026'],
    ['epoch_s', undefined, 'yesterday'],
    ['epoch_ms', undefined, '99999999999999999999'],
  ])('of the form %s in %s, %s is none', (format, zone, text) => {
    expect(timeReader(format, zone)(text)).toBeUndefined();
  });

  it.each(['%Q', 'yyyy-MM-dd', '%H:%M', '%Y-%m'])('has no form %s', (format) => {
    expect(timeFormat.safeParse(format).success).toBe(false);
  });
});
