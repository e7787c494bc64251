import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('so many are under way at once and no more, begun in order', async () => {
  const begun: number[] = [];
  let now = 0;
  let most = 0;
  await inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('after a failure nothing more is begun, and it is told once what was begun has ended', async () => {
  const ended: number[] = [];
  const working = inParallel([1, 2, 3, 4], 2, async (item) => {
    await Promise.resolve();
    if (item === 1) throw new Error('no');
    ended.push(item);
  });
  await expect(working).rejects.toThrow('no');
  expect(ended).toEqual([2]);
});
