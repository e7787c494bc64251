import { describe, expect, it } from 'vitest';
import type { Attempt } from './bars.ts';
import { criticalPath, longestStretches } from './critical-path.ts';

const attempt = (id: string, start: number, end: number | undefined): Attempt => ({
  id,
  event: { ordinal: start + 1 } as Attempt['event'],
  start,
  end,
  status: end === undefined ? 'started' : 'completed',
  run: 0,
});

describe('the critical path', () => {
  it('is every step of a transaction that does one thing after the other', () => {
    const attempts = [attempt('a', 0, 10), attempt('b', 15, 20), attempt('c', 20, 30)];
    expect([...criticalPath(attempts, 100)]).toEqual(['c', 'b', 'a']);
  });

  it('leaves out what ran beside it and ended sooner', () => {
    const attempts = [attempt('a', 0, 10), attempt('slow', 10, 50), attempt('quick', 10, 12), attempt('end', 50, 60)];
    expect([...criticalPath(attempts, 100)].sort()).toEqual(['a', 'end', 'slow']);
  });

  it('ends with what still runs', () => {
    const attempts = [attempt('a', 0, 10), attempt('done', 10, 30), attempt('runs', 10, undefined)];
    expect([...criticalPath(attempts, 100)].sort()).toEqual(['a', 'runs']);
  });

  it('is nothing where nothing happened', () => {
    expect(criticalPath([], 0).size).toBe(0);
  });
});

it('adds up like stretches and names the longest first', () => {
  const stretches = [
    { label: 'waited for stock', duration: 5 },
    { label: 'in quarantine', duration: 20 },
    { label: 'waited for stock', duration: 30 },
    { label: 'waited for its turn', duration: 1 },
  ];
  expect(longestStretches(stretches, 2)).toEqual([
    { label: 'waited for stock', duration: 35 },
    { label: 'in quarantine', duration: 20 },
  ]);
});
