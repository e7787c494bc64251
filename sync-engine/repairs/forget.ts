import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { RepairRun } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { isActive } from './ramp.ts';

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface ForgetOptions {
  manager: JetStreamManager;
  log: Log;
  now: () => Date;
  retentionDays: number;
}

/**
 * Takes out of NATS what became of each case in runs that ended longer ago than transactions are kept; ClickHouse has it,
 * and of the run itself the last state stays. To be run under a lease.
 */
export async function forgetOldItems(
  signal: AbortSignal,
  runs: () => Iterable<RepairRun>,
  { manager, log, now, retentionDays }: ForgetOptions,
): Promise<void> {
  const forgotten = new Set<string>();
  while (!signal.aborted) {
    for (const run of runs()) {
      const age = now().getTime() - Date.parse(run.updated_at);
      if (isActive(run) || run.status === 'paused' || forgotten.has(run.run_id) || age < retentionDays * DAY_MS)
        continue;
      try {
        await manager.streams.purge(streams.repairs, { filter: subjects.repairItems(run.run_id) });
        await manager.streams.purge(streams.repairs, { filter: subjects.repairRun(run.run_id), keep: 1 });
        forgotten.add(run.run_id);
      } catch (error) {
        log.warn({ err: error, run: run.run_id }, 'the items of an old repair run could not be taken out');
      }
    }
    await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
