import type { Log } from './log.ts';

export type Closer = () => Promise<void>;

/** Runs closers in the reverse order of their registration, once, on SIGINT, SIGTERM or `close`. */
export interface Shutdown {
  add(name: string, close: Closer): void;
  close(): Promise<void>;
}

export function createShutdown(log: Log): Shutdown {
  const closers: { name: string; close: Closer }[] = [];
  let closing: Promise<void> | undefined;
  const run = async () => {
    for (const { name, close } of closers.reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error, part: name }, 'could not close cleanly');
      }
    }
  };
  return {
    add: (name, close) => void closers.push({ name, close }),
    close: () => (closing ??= run()),
  };
}

/** Ends the process on SIGINT or SIGTERM after an orderly close, or after `graceMs` if a closer hangs. */
export function closeOnSignals(shutdown: Shutdown, log: Log, graceMs = 15_000): void {
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), graceMs).unref();
    void shutdown.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
