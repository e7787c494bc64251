import type { KV, KvEntry } from '@nats-io/kv';
import { streamOf } from './kv.ts';
import { readLast } from './publish.ts';

export interface Watch {
  /** Resolves once everything that was in the bucket has been seen. */
  ready: Promise<void>;
  stop(): void;
}

/** What was last may expire before it comes: the stream is asked again until everything has been seen. */
const ASK_AGAIN_MS = 1_000;

/**
 * Follows a bucket: every present value first, then every change, in order. The watch survives reconnections.
 * @param onEntry called with each value and each deletion; what it throws ends the watch and rejects `ready`.
 */
export async function watchBucket(kv: KV, onEntry: (entry: KvEntry) => void): Promise<Watch> {
  const { manager, stream, subject } = streamOf(kv);
  // The leader says where the end is: what the entries themselves count down to it may reach it before they have all come.
  const lastSeq = async () => (await readLast(manager, stream, subject('>')))?.seq ?? 0;
  let last = await lastSeq();
  let seen = 0;
  const entries = await kv.watch();
  let asking: NodeJS.Timeout | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    const look = () => {
      if (seen < last) return;
      clearInterval(asking);
      resolve();
    };
    const follow = async () => {
      for await (const entry of entries) {
        onEntry(entry);
        seen = entry.revision;
        look();
      }
    };
    const askAgain = async () => {
      last = Math.min(last, await lastSeq());
      look();
    };
    // Who cannot be reached now is asked again.
    asking = setInterval(() => void askAgain().catch(() => undefined), ASK_AGAIN_MS);
    follow().catch(reject);
    look();
  });
  // Whoever does not wait for it must not be brought down by it.
  ready.catch(() => clearInterval(asking));
  return {
    ready,
    stop: () => {
      clearInterval(asking);
      entries.stop();
    },
  };
}
