import { freeBytes } from './preflight.ts';
import type { Progress } from './progress.ts';

const MIB = 1024 ** 2;
const WARN_BELOW = 2048 * MIB;
const STOP_BELOW = 768 * MIB;
const LOOK_EVERY_MS = 5_000;

/**
 * Watches the free space where the data lies. Warns once when it gets low, and calls `stop` while there is still room
 * to stop in: a NATS server on a full disk neither works nor ends.
 */
export function guardFreeSpace(dataDir: string, progress: Progress, stop: () => void): () => void {
  let warned = false;
  const timer = setInterval(() => {
    const free = freeBytes(dataDir);
    const left = `${Math.round(free / MIB)} MiB are left where ${dataDir} lies`;
    if (free < STOP_BELOW) {
      clearInterval(timer);
      progress.fail(`${left}. Stopping before the disk is full; nothing is lost. Make room and start again.`);
      stop();
    } else if (free < WARN_BELOW && !warned) {
      warned = true;
      progress.warn(`${left}; Syncline stops itself at ${STOP_BELOW / MIB} MiB.`);
    } else if (free >= WARN_BELOW) {
      warned = false;
    }
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
