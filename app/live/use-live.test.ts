import { expect, it } from 'vitest';
import type { Nudge } from '#contracts/v1/live.ts';
import { concerns } from './use-live.ts';

const nudge: Nudge = {
  at: '2026-03-01T12:00:00.000Z',
  stream_seq: 1,
  topics: ['steps'],
  flows: ['order_to_cash'],
  keys: ['shop==1'],
  more: false,
};

it('a page reloads only for what it shows', () => {
  expect(concerns(nudge, {})).toBe(true);
  expect(concerns(nudge, { topics: ['cases'] })).toBe(false);
  expect(concerns(nudge, { flows: ['inventory_sync'] })).toBe(false);
  expect(concerns(nudge, { keys: ['shop==2'] })).toBe(false);
  expect(concerns(nudge, { keys: ['shop==1'], flows: ['order_to_cash'] })).toBe(true);
});

it('a nudge that could not name all keys concerns every page of its flow', () => {
  expect(concerns({ ...nudge, more: true }, { keys: ['shop==2'] })).toBe(true);
});
