import { expect, it } from 'vitest';
import { originOf } from './context.ts';

it.each([
  [false, 'backfill', 'live'],
  [false, 'simulated', 'live'],
  [false, undefined, 'live'],
  [true, undefined, 'simulated'],
  [true, 'simulated', 'simulated'],
  [true, 'backfill', 'backfill'],
  [true, 'live', 'live'],
  [true, 'nonsense', 'simulated'],
])('in an estate with simulated %j a sender that says %j is %s', (simulated, claimed, origin) => {
  expect(originOf(simulated, claimed)).toBe(origin);
});
