import { expect, test } from 'vitest';
import { sellable } from './stock-rules.ts';

test('a channel is offered its rounded share of what is left above safety stock, never less than nothing', () => {
  expect(sellable({ on_hand: 11, reserved: 2 }, 2, 50)).toBe(3);
  expect(sellable({ on_hand: 1, reserved: 2 }, 0, 100)).toBe(0);
  expect(sellable({ on_hand: -5, reserved: 0 }, 2, 100)).toBe(0);
});
