import { describe, expect, test } from 'vitest';
import { fromLocalStamp, toLocalStamp } from './local-stamp.ts';

describe('dates of a partner', () => {
  test.each([
    ['20260215', '0930', 'UTC', '2026-02-15T09:30:00.000Z'],
    ['20260215', '0930', 'America/New_York', '2026-02-15T14:30:00.000Z'],
    ['20260715', '093015', 'America/New_York', '2026-07-15T13:30:15.000Z'],
    ['260215', '', 'Europe/Helsinki', '2026-02-14T22:00:00.000Z'],
    // The clock shows 01:30 twice: the first time counts.
    ['20261101', '0130', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    // And skips 02:30 altogether.
    ['20260308', '0230', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ])('%s %s in %s is %s', (date, time, zone, instant) => {
    expect(fromLocalStamp(date, time, zone)).toBe(instant);
  });
  test('what is no date is none', () => expect(fromLocalStamp('2026', '', 'UTC')).toBeUndefined());
  test('an instant is written on their clock', () => {
    expect(toLocalStamp('2026-02-15T02:05:09.000Z', 'America/New_York')).toEqual({
      date: '20260214',
      time: '2105',
      seconds: '210509',
    });
  });
});
