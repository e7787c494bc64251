import { type Supervised, supervise } from './child.ts';
import type { Progress } from './progress.ts';
import type { ProcessSpec } from './child.ts';

/** Time a service has to finish what it is doing before it is killed. */
const GRACE_MS = 15_000;

/** The running processes, in the order they were started. */
export interface Stack {
  start(spec: ProcessSpec): Supervised;
  /** Restart from now on whatever ends by itself. */
  settled(): void;
  /** Ends everything, the last started first: traffic, engine, console and ingest, NATS. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

export function createStack(progress: Progress): Stack {
  const running: Supervised[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    for (const part of running.toReversed()) {
      const orderly = await part.stop(GRACE_MS);
      if (!orderly) progress.warn(`${part.spec.name} did not stop within ${GRACE_MS / 1000} s and was killed`);
    }
  };
  return {
    start: (spec) => {
      const part = supervise(spec, progress);
      running.push(part);
      return part;
    },
    settled: () => {
      for (const part of running) part.settled();
    },
    stop: () => (stopping ??= stopAll()),
    kill: () => {
      for (const part of running) part.kill();
    },
  };
}
