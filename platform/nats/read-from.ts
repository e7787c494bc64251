import {
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type StoredMsg,
} from '@nats-io/jetstream';
import { readLast } from './publish.ts';

const BATCH = 1_000;
const STALLED_MS = 5_000;

/** Where to begin: at a sequence of the stream, or at what was stored at a moment by the server's clock. */
export type Beginning = { seq: number } | { since: Date };

/**
 * Calls `read` with every message below `filter` from `from` on, up to what the stream's leader says is the last one now; a
 * copy that reads for us may not have that yet, and is waited for.
 * @throws Error where the stream stops sending before that one
 */
export async function readFrom(
  js: JetStreamClient,
  manager: JetStreamManager,
  wanted: { stream: string; filter: string; from: Beginning; signal: AbortSignal },
  read: (message: JsMsg) => void,
): Promise<void> {
  const { stream, filter, from, signal } = wanted;
  signal.throwIfAborted();
  const last = await readLast(manager, stream, filter);
  if (last === undefined || isBefore(last, from)) return;
  const consumer = await js.consumers.get(stream, { filter_subjects: filter, ...begin(from) });
  try {
    for (let reached = 0; reached < last.seq;) {
      const before = reached;
      for await (const message of await consumer.fetch({ max_messages: BATCH, expires: STALLED_MS })) {
        read(message);
        reached = message.seq;
        if (reached >= last.seq) break;
      }
      signal.throwIfAborted();
      if (reached === before) throw new Error(`${stream} stopped sending ${filter}`);
    }
  } finally {
    await consumer.delete().catch(() => undefined);
  }
}

const isBefore = (last: StoredMsg, from: Beginning): boolean =>
  'seq' in from ? last.seq < from.seq : last.time < from.since;

const begin = (from: Beginning) =>
  'seq' in from
    ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from.seq }
    : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: from.since.toISOString() };
