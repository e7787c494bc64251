import { expect, it } from 'vitest';
import { leftOf } from './use-draft.ts';

it('takes from a text what was sent of it, and nothing that was written meanwhile', () => {
  expect(leftOf('The shop was called.', 'The shop was called.')).toBe('');
  expect(leftOf('The shop was called. It calls back.', 'The shop was called.')).toBe('It calls back.');
  expect(leftOf('The shop was asked.', 'The shop was called.')).toBe('The shop was asked.');
});
