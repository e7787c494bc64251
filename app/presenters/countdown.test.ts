import { describe, expect, it } from 'vitest';
import { countdown } from './countdown.ts';

const now = Date.parse('2026-03-01T09:00:00.000Z');
const inSeconds = (s: number) => new Date(now + s * 1000).toISOString();

describe('the SLA countdown', () => {
  it.each([
    [3 * 3600 + 300, '3 h 5 min left', 'good'],
    [600, '10 min left', 'warn'],
    [-65, 'late by 1 min 5 s', 'bad'],
    [-200_000, 'late by 2 d 7 h', 'bad'],
  ])('%i s from the deadline reads "%s"', (seconds, word, condition) => {
    expect(countdown(inSeconds(seconds), now)).toEqual({ word, condition });
  });
  it('says so where no deadline is in force', () => {
    expect(countdown('', now)).toEqual({ word: 'no deadline', condition: 'none' });
  });
});
