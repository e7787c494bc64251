import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { transactionKey } from '#contracts/v1/key.ts';
import type { ReconciliationPlan } from '#contracts/v1/reconciliation.ts';
import type { Leases } from '#platform/lease.ts';
import { OWN_SYSTEM } from '../flows/transitions.ts';
import { isOutage } from '../outage.ts';
import { forgetOld } from '../repairs/forget.ts';
import { isActive } from './heard-runs.ts';
import { performRun, type ReconciliationOptions } from './perform.ts';
import { dueAt, orderPeriodOf, type Period, periodOf } from './schedule.ts';
import type { RunState } from './store.ts';
import { openTrail, TakenOver } from './trail.ts';

const LOOK_AGAIN_MS = 1_000;

type Options = ReconciliationOptions & { retentionDays: number };

/** One replica keeps to the schedule, one works on runs, and what is long over is forgotten. */
export function holdReconciliation(leases: Pick<Leases, 'hold'>, options: Options): void {
  const { known, store } = options;
  leases.hold('reconciliation-schedule', (signal) => keepSchedule(signal, options));
  leases.hold('reconciliation', (signal) => workOnRuns(signal, options));
  leases.hold('reconciliation-forget', async (signal) => {
    await Promise.all([
      forgetOld(
        signal,
        () => store.endedRuns((run) => known.runs.isNeeded(run)),
        (id) => store.forgetRun(id),
        options,
      ),
      forgetOld(
        signal,
        () => store.endedBreaks(),
        (id) => store.forgetHistory(id),
        options,
      ),
    ]);
  });
}

interface AskedRun {
  by: string;
  at: Date;
  due: Date;
  /** How far the last complete run took the plan. */
  covered: Date | undefined;
  /** Since when the plan is known. */
  declared: Date;
}

function periodFor(plan: ReconciliationPlan, { by, at, due, covered, declared }: AskedRun): Period {
  switch (plan.kind) {
    case 'stock':
      return { from: at, to: at };
    case 'finance':
      return periodOf(plan, due, covered, by !== 'schedule');
    case 'orders':
      return orderPeriodOf(plan, due, covered, declared);
  }
}

/** A run that has not begun. */
export function newRun(plan: ReconciliationPlan, asked: AskedRun): RunState {
  const stamp = asked.due.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  // A moment of the schedule has one run, whoever asks for it and however often.
  const run_id = `${plan.id}-${stamp}${asked.by === 'schedule' ? '' : `-${randomBytes(4).toString('hex')}`}`;
  const period = periodFor(plan, asked);
  return {
    run_id,
    plan: plan.id,
    name: plan.name,
    kind: plan.kind,
    status: 'queued',
    requested_by: asked.by,
    requested_at: asked.at.toISOString(),
    due_at: asked.due.toISOString(),
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    started_at: '',
    finished_at: '',
    key: transactionKey(OWN_SYSTEM, run_id),
    ...{ compared: 0, agreeing: 0, undecided: 0, opened: 0, seen_again: 0, healed: 0 },
    groups: [],
    message: '',
  };
}

/** Queues what is due until the signal aborts: of what was missed, the latest moment alone. */
async function keepSchedule(signal: AbortSignal, { estate, known, store, log, now }: Options): Promise<void> {
  while (!signal.aborted) {
    try {
      await known.caughtUp();
      for (const plan of estate.reconciliations) {
        if (known.runs.active(plan.id) !== undefined) continue;
        const at = now();
        const declared = await store.declaredSince(plan.id);
        const due = dueAt(plan, known.runs.lastDue(plan.id) ?? declared, at);
        if (due === undefined) continue;
        const covered = known.runs.covered(plan.id);
        await store.putRun(undefined, newRun(plan, { by: 'schedule', at, due, covered, declared }));
      }
    } catch (error) {
      log.warn({ err: error }, 'the schedule of reconciliations could not be kept; trying again');
    }
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Works on one run after the other until the signal aborts. */
async function workOnRuns(signal: AbortSignal, options: Options): Promise<void> {
  const { known, store, log } = options;
  while (!signal.aborted) {
    const id = known.runs.next();
    try {
      const run = id === undefined ? undefined : await store.run(id);
      if (run !== undefined && isActive(run.state)) {
        await known.caughtUp();
        await performRun(run, options, signal);
        await known.caughtUp();
        continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error, run: id }, 'a reconciliation was cut off');
      if (id !== undefined && !isOutage(error) && !(error instanceof TakenOver)) await fail(id, error, options);
    }
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** A run that cannot go on is over, and its transaction with it. */
async function fail(id: string, error: unknown, { store, transactions, estate, log, now }: Options): Promise<void> {
  try {
    const current = await store.run(id);
    if (current === undefined || !isActive(current.state)) return;
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 2000);
    const trail = await openTrail(transactions, current.state, estate, now);
    await trail.finish({ step: 'finish_run', status: 'failed', error_class: 'internal', error_message: message });
    await store.putRun(current, { ...current.state, status: 'failed', finished_at: now().toISOString(), message });
  } catch (second) {
    log.warn({ err: second, run: id }, 'a failed reconciliation could not be marked so');
  }
}
