import type { z } from 'zod';
import { startChild } from './child.ts';
import type { childOptions } from './ingest-child.ts';

export interface IngestProcess {
  /** Resolves with the signal that ended it, or its exit code. */
  ended: Promise<NodeJS.Signals | number>;
  /** Asks it to finish and waits. */
  stop(): Promise<void>;
  /** What it logged. */
  log(): string;
}

/** Ingest in a process of its own, owner of the ClickHouse folder, that can be killed. */
export function startIngestProcess(options: z.input<typeof childOptions>): IngestProcess {
  const child = startChild('ingest', [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<NodeJS.Signals | number>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  return {
    ended,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
