import type { JetStreamClient } from '@nats-io/jetstream';
import type { RepairRun } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Holding, Leases } from '#platform/lease.ts';
import { followLatest } from '#platform/nats/follow.ts';
import { endedRuns, forgetItems, type ForgetOptions, forgetOld } from './forget.ts';
import { isActive } from './ramp.ts';
import { RunDriver, type RunDriverOptions } from './run-driver.ts';

export interface RepairRunsOptions extends RunDriverOptions, ForgetOptions {
  js: JetStreamClient;
  leases: Leases;
}

/** A driver that failed begins again after this. */
const AGAIN_MS = 2_000;

/** Drives every active run on the one replica that holds the lease. */
export async function startRepairRuns(options: RepairRunsOptions): Promise<{ stop(): Promise<void> }> {
  const { js, manager, leases, log } = options;
  const known = new Map<string, RepairRun>();
  const drivers = new Map<string, { driver: RunDriver; done: Promise<void> }>();
  let held: AbortSignal | undefined;

  // Whatever paused a run may have come before its last outcomes were counted: that is looked at once.
  const begin = (run: RepairRun): void => (isActive(run) || run.status === 'paused' ? drive(run) : undefined);
  const drive = (run: RepairRun): void => {
    const signal = held;
    if (signal === undefined || signal.aborted || drivers.has(run.run_id)) return;
    const driver = new RunDriver(run.run_id, options);
    const done = driver
      .drive(signal)
      .then(
        () => undefined,
        (error: unknown) => {
          log.error({ err: error, run: run.run_id }, 'a repair run could not go on; trying again');
          return AGAIN_MS;
        },
      )
      .then((pause) => {
        drivers.delete(run.run_id);
        if (pause !== undefined) return void setTimeout(() => begin(known.get(run.run_id) ?? run), pause);
        // What was said to it as it ended was not heard by anybody.
        const now = known.get(run.run_id) ?? run;
        if (isActive(now)) setTimeout(() => begin(now), 0);
      });
    drivers.set(run.run_id, { driver, done });
  };

  const following = await followLatest(js, manager, {
    stream: streams.repairs,
    subject: subjects.allRepairRuns,
    log,
    onMessage: (message) => {
      const run = message.json<RepairRun>();
      known.set(run.run_id, run);
      drivers.get(run.run_id)?.driver.heard(run);
      begin(run);
    },
  });
  const holding: Holding = leases.hold('repair-runs', async (signal) => {
    held = signal;
    for (const run of known.values()) begin(run);
    await forgetOld(
      signal,
      () => endedRuns(known.values()),
      (id) => forgetItems(manager, id),
      options,
    );
    await Promise.all([...drivers.values()].map(({ done }) => done));
  });
  return {
    stop: async () => {
      following.stop();
      await holding.release();
    },
  };
}
