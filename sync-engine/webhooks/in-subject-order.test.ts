import { expect, test } from 'vitest';
import { inSubjectOrder } from './in-subject-order.ts';

test('what failed holds up those of its subject, and says how many of the first are done', async () => {
  const done: string[] = [];
  const outcome = await inSubjectOrder(
    ['a1', 'b1', 'a2', 'b2'],
    (item) => item.charAt(0),
    async (item) => {
      await Promise.resolve();
      if (item === 'a2') throw new Error('no answer');
      done.push(item);
    },
  );
  expect(outcome).toEqual({ done: 2, failure: new Error('no answer') });
  expect(done).toEqual(['a1', 'b1', 'b2']);
  expect(
    await inSubjectOrder(
      ['a1', 'a2'],
      () => 'a',
      () => Promise.resolve(),
    ),
  ).toEqual({ done: 2 });
});
