import type { KV } from '@nats-io/kv';
import { crashPoint } from '#platform/crash-point.ts';
import { compareAndSwap, getEntry } from '#platform/nats/kv.ts';

export interface PutResult<Value> {
  /** False where what was there is as new or newer. */
  stored: boolean;
  /** What the key holds now, and at which revision. */
  value: Value;
  revision: number;
}

/**
 * Writes a value unless the stored one is as new or newer, by the time `updatedAt` reads out of it (RFC 3339 UTC, so
 * that text order is time order). Of two writers that race the newer value stays, whichever comes first.
 */
export async function putNewer<Value>(
  kv: KV,
  key: string,
  value: Value,
  how: { parse: (text: string) => Value; updatedAt: (value: Value) => string },
): Promise<PutResult<Value>> {
  for (;;) {
    const entry = await getEntry(kv, key);
    const before = entry === undefined ? undefined : readable(() => how.parse(entry.string()));
    if (entry !== undefined && before !== undefined && how.updatedAt(before) >= how.updatedAt(value))
      return { stored: false, value: before, revision: entry.revision };
    crashPoint('engine.master.before');
    const revision = await compareAndSwap(kv, key, JSON.stringify(value), entry?.revision ?? 0);
    crashPoint('engine.master.after');
    if (revision !== undefined) return { stored: true, value, revision };
  }
}

/** What cannot be read any more may be overwritten. */
function readable<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
