import type { NatsConnection } from '@nats-io/nats-core';
import { buckets } from '#contracts/v1/subjects.ts';
import { warningSheet, type WarningSheet } from '#contracts/v1/warning.ts';
import type { Log } from './log.ts';
import { openBucket } from './nats/kv.ts';
import { watchBucket } from './nats/watch.ts';

export interface Warnings {
  /** What the engine last found of every kind, by kind; a kind that was never evaluated is not in it. */
  all(): ReadonlyMap<string, WarningSheet>;
  stop(): void;
}

/** Follows KV bucket WARNINGS; resolves once all that is stored was read. What this version cannot read is logged and left out. */
export async function watchWarnings(nc: NatsConnection, log: Log): Promise<Warnings> {
  const sheets = new Map<string, WarningSheet>();
  const watch = await watchBucket(await openBucket(nc, buckets.warnings), (entry) => {
    const parsed = warningSheet.safeParse(entry.operation === 'PUT' ? entry.json() : undefined);
    if (parsed.success) sheets.set(entry.key, parsed.data);
    else sheets.delete(entry.key);
    if (!parsed.success && entry.operation === 'PUT')
      log.warn({ kind: entry.key, problems: parsed.error.issues }, 'a sheet of warnings is not valid');
  });
  await watch.ready;
  return { all: () => sheets, stop: () => watch.stop() };
}
