import { describe, expect, it } from 'vitest';
import { countdown, durationWords } from './countdown.ts';

const now = Date.parse('2026-03-01T09:00:00.000Z');
const inSeconds = (s: number) => new Date(now + s * 1000).toISOString();

describe('the SLA countdown', () => {
  it.each([
    [3 * 3600 + 300, '3 h 5 min left', '●', 'good'],
    [600, '10 min left', '▲', 'warn'],
    [-65, 'late by 1 min 5 s', '■', 'bad'],
    [-200_000, 'late by 2 d 7 h', '■', 'bad'],
  ])('%i s from the deadline reads "%s"', (seconds, word, glyph, tone) => {
    expect(countdown(inSeconds(seconds), now)).toEqual({ word, glyph, tone });
  });
  it('says so where no deadline is in force', () => {
    expect(countdown('', now).word).toBe('no deadline');
  });
  it.each([
    [0, '0 ms'],
    [950, '950 ms'],
    [1500, '1.5 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [90_000_000, '1 d 1 h'],
  ])('%i ms is "%s"', (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });
});
