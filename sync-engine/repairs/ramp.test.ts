import { expect, test } from 'vitest';
import type { RepairOutcome } from '#contracts/v1/repair.ts';
import { countOutcomes, isActive, nextWave, tooManyFailed, waitsFor } from './ramp.ts';

const wave = (size: number, failed: number): { outcome: RepairOutcome; message: string }[] =>
  Array.from({ length: size }, (_, i) => ({
    outcome: i < failed ? 'failed_again' : 'resolved',
    message: i < failed ? 'no such item' : '',
  }));

test('waves grow, and stay at the largest', () => {
  const sizes = [0];
  for (let i = 0; i < 9; i++) sizes.push(nextWave(sizes.at(-1) ?? 0));
  expect(sizes).toEqual([0, 1, 2, 5, 20, 50, 100, 200, 200, 200]);
});

test('one failure stops a small wave, one in twenty a large one', () => {
  expect(tooManyFailed(wave(1, 1))).toBe('1 of 1 failed again: no such item');
  expect(tooManyFailed(wave(20, 1))).toContain('1 of 20');
  expect(tooManyFailed(wave(20, 0))).toBeUndefined();
  expect(tooManyFailed(wave(100, 5))).toBeUndefined();
  expect(tooManyFailed(wave(100, 6))).toContain('6 of 100');
});

test('a run is worked on while it has something to do or to follow', () => {
  const run = (status: Parameters<typeof isActive>[0]['status'], ...outcomes: RepairOutcome[]) =>
    isActive({ status, counts: countOutcomes(outcomes.map((outcome) => ({ outcome }))) });
  expect(run('trying', 'pending')).toBe(true);
  expect(run('tried', 'would_cure')).toBe(false);
  expect(run('paused', 'would_cure')).toBe(false);
  expect(run('paused', 'would_cure', 'replaying')).toBe(true);
  expect(run('aborted', 'would_cure')).toBe(true);
  expect(run('aborted', 'left_out', 'awaits_approval')).toBe(true);
  expect(run('aborted', 'left_out', 'held')).toBe(true);
  expect(run('aborted', 'left_out', 'resolved')).toBe(false);
  expect(run('done', 'resolved')).toBe(false);
});

test('a run that has told everybody says whom it waits for', () => {
  const waits = (...outcomes: RepairOutcome[]) => waitsFor(outcomes.map((outcome) => ({ outcome })));
  expect(waits('awaits_approval', 'held', 'awaits_approval')).toBe('Waiting. 2 await a second person, 1 held.');
  expect(waits('held')).toBe('Waiting. 1 held.');
  expect(waits('held', 'replaying')).toBe('');
});
