import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { repairRun, type RepairRun } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';
import { addStream } from '#platform/nats/streams.ts';

/** Repair runs as they are now: what somebody decided a moment ago is in the answer. */
export interface RepairRuns {
  /** The newest first. */
  all(): Promise<RepairRun[]>;
  get(id: string): Promise<RepairRun | undefined>;
  close(): void;
}

/** Follows the runs on stream REPAIRS, so that showing them reads nothing but memory. */
export async function followRepairRuns(js: JetStreamClient, jsm: JetStreamManager, log: Log): Promise<RepairRuns> {
  // The console may be there before the engine.
  await addStream(jsm, streams.repairs);
  const runs = new Map<string, RepairRun>();
  const following = await followLatest(js, jsm, {
    stream: streams.repairs,
    subject: subjects.allRepairRuns,
    log,
    onMessage: (message) => {
      const run = repairRun.parse(message.json());
      runs.set(run.run_id, run);
    },
  });
  return {
    all: async () => {
      await following.caughtUp();
      return [...runs.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    },
    get: async (id) => {
      await following.caughtUp();
      return runs.get(id);
    },
    close: () => following.stop(),
  };
}
