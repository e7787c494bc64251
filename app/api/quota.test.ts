import { expect, it } from 'vitest';
import { createQuota } from './quota.ts';

it('admits so many a minute, says when to come back, and begins anew', () => {
  let now = 1_000_000;
  const quota = createQuota(() => now);
  expect([quota.spend('a', 2).allowed, quota.spend('a', 2).allowed]).toEqual([true, true]);
  now += 20_500;
  expect(quota.spend('a', 2)).toEqual({ allowed: false, retryAfterS: 40, firstRefused: true });
  expect(quota.spend('a', 2)).toMatchObject({ allowed: false, firstRefused: false });
  expect(quota.spend('b', 2).allowed).toBe(true);
  now += 39_500;
  expect(quota.spend('a', 2).allowed).toBe(true);
});
