import { describe, expect, test } from 'vitest';
import type { CauseMute } from '#contracts/v1/cause.ts';
import { isMuted, noneOpened } from './mute.ts';

const now = new Date('2026-10-02T12:00:00.000Z');
const muted = (until: CauseMute['until'], opened = 0, busiest_hour = 0, at = now) =>
  isMuted({ until }, { opened, busiest_hour }, at);

describe('a mute until a date', () => {
  const until = { kind: 'date', at: '2026-10-02T12:00:00.000Z' } as const;
  test('holds until that instant and not at it', () => {
    expect(muted(until, 0, 0, new Date(now.getTime() - 1))).toBe(true);
    expect(muted(until)).toBe(false);
    expect(muted(until, 0, 0, new Date(now.getTime() + 1))).toBe(false);
  });
  test('holds however many cases come', () => {
    expect(muted(until, 1_000_000, 100_000, new Date(now.getTime() - 1))).toBe(true);
  });
});

describe('a mute until a number of cases', () => {
  test('ends with the N-th case', () => {
    expect(muted({ kind: 'count', cases: 3 }, 0)).toBe(true);
    expect(muted({ kind: 'count', cases: 3 }, 2)).toBe(true);
    expect(muted({ kind: 'count', cases: 3 }, 3)).toBe(false);
    expect(muted({ kind: 'count', cases: 3 }, 4)).toBe(false);
    expect(muted({ kind: 'count', cases: 1 }, 1)).toBe(false);
  });
  test('does not end by time or by how fast they come', () => {
    const later = new Date(now.getTime() + 400 * 86_400_000);
    expect(muted({ kind: 'count', cases: 3 }, 2, 2, later)).toBe(true);
  });
});

describe('a mute until a rate', () => {
  test('ends once more than so many came within an hour', () => {
    expect(muted({ kind: 'rate', cases_per_hour: 5 }, 500, 5)).toBe(true);
    expect(muted({ kind: 'rate', cases_per_hour: 5 }, 6, 6)).toBe(false);
  });
  test('stays ended when the burst is over: what counts is the busiest hour since', () => {
    const later = new Date(now.getTime() + 30 * 86_400_000);
    expect(muted({ kind: 'rate', cases_per_hour: 5 }, 6, 6, later)).toBe(false);
  });
});

test('a mute of a cause without a new case holds, but for its date', () => {
  expect(isMuted({ until: { kind: 'count', cases: 1 } }, noneOpened, now)).toBe(true);
  expect(isMuted({ until: { kind: 'rate', cases_per_hour: 1 } }, noneOpened, now)).toBe(true);
});
