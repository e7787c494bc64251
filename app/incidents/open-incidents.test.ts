import { expect, it } from 'vitest';
import { later } from './open-incidents.tsx';

it('is not set back by an answer that was given before the one that is known', () => {
  const [before, after] = [{ version: 4 }, { version: 5 }];
  expect(later(before, after)).toBe(after);
  expect(later(after, before)).toBe(after);
});
