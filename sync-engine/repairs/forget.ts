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
  /** Days that the events of a transaction are kept. */
  retentionDays: number;
}

/** A run that has ended, and when it last changed. */
export interface Ended {
  id: string;
  at: string;
}

/** Forgets what ended longer ago than transactions are kept, each once. To be run under a lease. */
export async function forgetOld(
  signal: AbortSignal,
  ended: () => Iterable<Ended> | Promise<Iterable<Ended>>,
  forget: (id: string) => Promise<void>,
  { log, now, retentionDays }: Omit<ForgetOptions, 'manager'>,
): Promise<void> {
  let forgotten = new Set<string>();
  const attempt = async (what: string, run: () => Promise<void>) => {
    try {
      await run();
    } catch (error) {
      log.warn({ err: error }, `${what} could not be forgotten`);
    }
  };
  const turn = async () => {
    const over = [...(await ended())];
    // Of what is no longer told of there is nothing to remember.
    forgotten = new Set(over.map(({ id }) => id).filter((id) => forgotten.has(id)));
    for (const { id, at } of over) {
      if (forgotten.has(id) || now().getTime() - Date.parse(at) < retentionDays * DAY_MS) continue;
      await attempt(id, async () => {
        await forget(id);
        forgotten.add(id);
      });
    }
  };
  while (!signal.aborted) {
    await attempt('what is long over', turn);
    await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** The repair runs that are over for good: neither the engine nor a person may go on with them. */
export const endedRuns = (runs: Iterable<RepairRun>): Ended[] =>
  [...runs].flatMap((run) =>
    isActive(run) || run.status === 'paused' ? [] : [{ id: run.run_id, at: run.updated_at }],
  );

/** Takes out of NATS what became of each case of a run: ClickHouse has it. Of the run itself the last state stays. */
export async function forgetItems(manager: JetStreamManager, run: string): Promise<void> {
  await manager.streams.purge(streams.repairs, { filter: subjects.repairItems(run) });
  await manager.streams.purge(streams.repairs, { filter: subjects.repairRun(run), keep: 1 });
}
