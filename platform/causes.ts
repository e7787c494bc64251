import type { NatsConnection } from '@nats-io/nats-core';
import { type CauseState, causeState } from '#contracts/v1/cause.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from './log.ts';
import { openBucket } from './nats/kv.ts';
import { watchBucket } from './nats/watch.ts';

/** What people decided about causes, in memory and current to within the watch's delay (milliseconds). */
export interface Causes {
  /** Resolves once everything stored has been read. */
  ready: Promise<void>;
  get(fingerprint: string): CauseState | undefined;
  all(): IterableIterator<CauseState>;
  /** Takes over what the engine has just answered, so that this process sees its own change at once. */
  learn: (state: CauseState) => void;
  stop(): void;
}

/** Follows KV bucket CAUSES. A value that this version cannot read is logged and treated as absent. */
export async function followCauses(nc: NatsConnection, log: Log): Promise<Causes> {
  const known = new Map<string, CauseState>();
  const learn = (state: CauseState) => {
    const before = known.get(state.fingerprint);
    if (before === undefined || before.revision < state.revision) known.set(state.fingerprint, state);
  };
  const watch = await watchBucket(await openBucket(nc, buckets.causes), (entry) => {
    if (entry.operation !== 'PUT') return void known.delete(entry.key);
    const parsed = causeState.safeParse(readJson(entry.string()));
    if (parsed.success) learn(parsed.data);
    else log.error({ cause: entry.key, problems: parsed.error.issues }, 'what is stored about a cause is not valid');
  });
  return {
    ready: watch.ready,
    get: (fingerprint) => known.get(fingerprint),
    all: () => known.values(),
    learn,
    stop: () => watch.stop(),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
