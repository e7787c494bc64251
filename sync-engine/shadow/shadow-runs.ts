import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { shadowRun } from '#contracts/v1/shadow.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';
import type { Ended } from '../repairs/forget.ts';

/** Which shadow runs are under way, and which have ended, as this process last heard. */
export interface ShadowRuns {
  /** The one that was asked for first. */
  next(): string | undefined;
  isRunning(id: string): boolean;
  ended(): Iterable<Ended>;
  /** Counts the news of any run. */
  heard(): number;
  /** Resolves once there is news beyond those `heard` before, or once the signal aborts. */
  news(heard: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

export async function followShadowRuns(js: JetStreamClient, manager: JetStreamManager, log: Log): Promise<ShadowRuns> {
  const running = new Map<string, string>();
  const ended = new Map<string, Ended>();
  let count = 0;
  let wake: () => void = () => undefined;
  const follow = await followLatest(js, manager, {
    stream: streams.repairs,
    subject: subjects.allShadowRuns,
    log,
    onMessage: (message) => {
      const { shadow_id, status, created_at, updated_at } = shadowRun.parse(message.json());
      if (status === 'running') running.set(shadow_id, created_at);
      else {
        running.delete(shadow_id);
        ended.set(shadow_id, { id: shadow_id, at: updated_at });
      }
      count++;
      wake();
    },
  });
  return {
    next: () => [...running].sort(([, a], [, b]) => (a < b ? -1 : 1))[0]?.[0],
    isRunning: (id) => running.has(id),
    ended: () => ended.values(),
    heard: () => count,
    news: (heard, signal) =>
      new Promise((resolve) => {
        const done = () => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        wake = done;
        signal.addEventListener('abort', done);
        if (signal.aborted || count > heard) done();
      }),
    stop: () => follow.stop(),
  };
}
