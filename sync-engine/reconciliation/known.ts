import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { reconciliationBreak, type ReconciliationBreak, reconciliationRun } from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';
import { HeardRuns } from './heard-runs.ts';
import { StandingBreaks } from './standing-breaks.ts';

/** Runs and breaks as this process last heard of them. For decisions read the run or the break itself. */
export interface KnownReconciliation {
  runs: Omit<HeardRuns, 'hear'>;
  standingBreaks(plan: string): ReconciliationBreak[];
  caughtUp(): Promise<boolean>;
  stop(): void;
}

interface FollowOptions {
  log: Log;
  now: () => Date;
  /** Days that the events of a transaction are kept. */
  retentionDays: number;
}

const DAY_MS = 86_400_000;

export async function followReconciliation(
  js: JetStreamClient,
  manager: JetStreamManager,
  { log, now, retentionDays }: FollowOptions,
): Promise<KnownReconciliation> {
  const runs = new HeardRuns();
  const standing = new StandingBreaks(retentionDays * DAY_MS, now);
  const shared = { stream: streams.reconciliation, log };
  const following = await Promise.all([
    followLatest(js, manager, {
      ...shared,
      subject: subjects.allReconciliationRuns,
      onMessage: (message) => runs.hear(reconciliationRun.parse(message.json())),
    }),
    followLatest(js, manager, {
      ...shared,
      subject: subjects.allReconciliationBreaks,
      onMessage: (message) => standing.hear(reconciliationBreak.parse(message.json())),
    }),
  ]);
  return {
    runs,
    standingBreaks: (plan) => standing.of(plan),
    caughtUp: async () => (await Promise.all(following.map((one) => one.caughtUp()))).every(Boolean),
    stop: () => following.forEach((one) => one.stop()),
  };
}
