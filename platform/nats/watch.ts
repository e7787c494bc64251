import type { KV, KvEntry } from '@nats-io/kv';

export interface Watch {
  /** Resolves once everything that was in the bucket has been seen. */
  ready: Promise<void>;
  stop(): void;
}

/**
 * Follows a bucket: every present value first, then every change, in order. The watch survives reconnections.
 * @param onEntry called with each value and each deletion; what it throws ends the watch and rejects `ready`.
 */
export async function watchBucket(kv: KV, onEntry: (entry: KvEntry) => void): Promise<Watch> {
  const { streamInfo } = await kv.status();
  const entries = await kv.watch();
  const ready = new Promise<void>((resolve, reject) => {
    if (streamInfo.state.messages === 0) resolve();
    const follow = async () => {
      for await (const entry of entries) {
        onEntry(entry);
        if (entry.delta === 0) resolve();
      }
    };
    follow().catch(reject);
  });
  // Whoever does not wait for it must not be brought down by it.
  ready.catch(() => undefined);
  return { ready, stop: () => entries.stop() };
}
