import { expect, test } from 'vitest';
import type { ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import { StandingBreaks } from './standing-breaks.ts';

const KEPT_MS = 30 * 86_400_000;
const start = Date.parse('2026-03-01T00:00:00.000Z');

function book() {
  let now = start;
  const breaks = new StandingBreaks(KEPT_MS, () => new Date(now));
  return {
    breaks,
    pass: (ms: number) => (now += ms),
    hear: (break_id: string, status: ReconciliationBreak['status'], plan = 'money') =>
      breaks.hear({ break_id, status, plan, at: new Date(now).toISOString() } as ReconciliationBreak),
    ids: (plan = 'money') => breaks.of(plan).map(({ break_id }) => break_id),
  };
}

test('what differs stands, also where a person closed it, and no longer once it healed', () => {
  const { hear, ids, breaks } = book();
  hear('a', 'open');
  hear('b', 'closed');
  hear('c', 'open', 'stock');
  expect([ids(), ids('stock')]).toEqual([['a', 'b'], ['c']]);
  hear('a', 'healed');
  hear('b', 'healed');
  expect([ids(), breaks.size]).toEqual([[], 1]);
});

test('of those that were closed only what no run can see any more is dropped; an open one stays however old', () => {
  const { hear, ids, pass, breaks } = book();
  hear('open', 'open');
  for (let day = 0; day < 365; day++) {
    hear(`gone-${day}`, 'closed');
    hear('still-seen', 'closed');
    expect(breaks.size).toBeLessThanOrEqual(32);
    pass(86_400_000);
  }
  hear('again', 'closed');
  expect(ids().slice(0, 2)).toEqual(['open', 'gone-336']);
  expect(ids()).toContain('still-seen');
  hear('still-seen', 'open');
  pass(KEPT_MS);
  hear('news', 'healed');
  expect(ids()).toEqual(['open', 'still-seen']);
});
