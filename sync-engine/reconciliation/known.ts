import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import {
  reconciliationBreak,
  type ReconciliationBreak,
  reconciliationRun,
  type ReconciliationRun,
} from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';
import type { Ended } from '../repairs/forget.ts';

/** Runs and breaks as this process last heard of them. For decisions read the run or the break itself. */
export interface KnownReconciliation {
  /** The run that was asked for first of those that have not ended. */
  next(): string | undefined;
  /** The run of a plan that has not ended. */
  active(plan: string): ReconciliationRun | undefined;
  /** The latest moment of a plan's schedule that was run. */
  lastDue(plan: string): Date | undefined;
  /** The end of the last period of a plan that was compared completely. */
  covered(plan: string): Date | undefined;
  /** Breaks whose sides differed when they were last compared: open, or closed by a person. */
  standingBreaks(plan: string): ReconciliationBreak[];
  endedRuns(): Ended[];
  endedBreaks(): Ended[];
  caughtUp(): Promise<boolean>;
  stop(): void;
}

const isActive = ({ status }: ReconciliationRun) => status === 'queued' || status === 'running';

export async function followReconciliation(
  js: JetStreamClient,
  manager: JetStreamManager,
  log: Log,
): Promise<KnownReconciliation> {
  const runs = new Map<string, ReconciliationRun>();
  const standing = new Map<string, ReconciliationBreak>();
  const over = new Map<string, Ended>();
  const shared = { stream: streams.reconciliation, log };
  const following = await Promise.all([
    followLatest(js, manager, {
      ...shared,
      subject: subjects.allReconciliationRuns,
      onMessage: (message) => {
        const run = reconciliationRun.parse(message.json());
        // The figures of a run that is over are in ClickHouse.
        runs.set(run.run_id, isActive(run) ? run : { ...run, groups: [] });
      },
    }),
    followLatest(js, manager, {
      ...shared,
      subject: subjects.allReconciliationBreaks,
      onMessage: (message) => {
        const one = reconciliationBreak.parse(message.json());
        if (one.status === 'healed') standing.delete(one.break_id);
        else standing.set(one.break_id, one);
        if (one.status === 'open') over.delete(one.break_id);
        else over.set(one.break_id, { id: one.break_id, at: one.at });
      },
    }),
  ]);
  const of = (plan: string) => [...runs.values()].filter((run) => run.plan === plan);
  const latest = (times: string[]): Date | undefined => {
    const last = times.sort().at(-1);
    return last === undefined ? undefined : new Date(last);
  };
  const lastDue = (plan: string) =>
    latest(of(plan).flatMap(({ requested_by, due_at }) => (requested_by === 'schedule' ? [due_at] : [])));
  const covered = (plan: string) => latest(of(plan).flatMap(({ status, to }) => (status === 'done' ? [to] : [])));
  return {
    next: () =>
      [...runs.values()].filter(isActive).sort((a, b) => (a.requested_at < b.requested_at ? -1 : 1))[0]?.run_id,
    active: (plan) => of(plan).find(isActive),
    lastDue,
    covered,
    standingBreaks: (plan) => [...standing.values()].filter((one) => one.plan === plan),
    endedRuns: () =>
      [...runs.values()].flatMap((run) => {
        const needed =
          isActive(run) ||
          run.due_at === lastDue(run.plan)?.toISOString() ||
          run.to === covered(run.plan)?.toISOString();
        return needed ? [] : [{ id: run.run_id, at: run.updated_at }];
      }),
    endedBreaks: () => [...over.values()],
    caughtUp: async () => (await Promise.all(following.map((one) => one.caughtUp()))).every(Boolean),
    stop: () => following.forEach((one) => one.stop()),
  };
}
