import { expect, test } from 'vitest';
import type { ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import { HeardRuns } from './heard-runs.ts';

const onDay = (day: number) => new Date(Date.UTC(2026, 2, day)).toISOString();
const run = (day: number, status: ReconciliationRun['status'], requested_by = 'schedule') =>
  ({
    ...{ run_id: `run-${day}`, plan: 'money', status, requested_by, requested_at: onDay(day), due_at: onDay(day) },
    to: onDay(day),
  }) as ReconciliationRun;

test('of what ended it is known how far it took its plan, in whatever order it is heard', () => {
  const runs = new HeardRuns();
  const heard = [run(4, 'failed'), run(2, 'done'), run(1, 'done'), run(3, 'incomplete'), run(5, 'done', 'ada')];
  for (const one of heard) runs.hear(one);
  expect(runs.lastDue('money')).toEqual(new Date(onDay(4)));
  expect(runs.covered('money')).toEqual(new Date(onDay(5)));
  expect(heard.filter((one) => runs.isNeeded(one)).map(({ run_id }) => run_id)).toEqual(['run-4', 'run-5']);
  expect(runs.lastDue('stock')).toBeUndefined();
});

test('the run that was asked for first is next until it ends', () => {
  const runs = new HeardRuns();
  runs.hear(run(2, 'queued'));
  runs.hear(run(1, 'queued', 'ada'));
  expect(runs.next()).toBe('run-1');
  runs.hear(run(1, 'running', 'ada'));
  expect(runs.active('money')?.run_id).toBe('run-2');
  runs.hear(run(1, 'done', 'ada'));
  expect(runs.next()).toBe('run-2');
  runs.hear(run(2, 'failed'));
  expect([runs.next(), runs.active('money')]).toEqual([undefined, undefined]);
});
