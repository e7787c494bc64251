import { DeliverPolicy, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { readLast } from './publish.ts';

/** Calls `read` with every message below `filter` that was stored at `since` or later, up to the last one there is now. */
export async function readSince(
  js: JetStreamClient,
  manager: JetStreamManager,
  { stream, filter, since, signal }: { stream: string; filter: string; since: Date; signal: AbortSignal },
  read: (message: JsMsg) => void,
): Promise<void> {
  const end = (await readLast(manager, stream, filter))?.seq ?? 0;
  const consumer = await js.consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: since.toISOString(),
    filter_subjects: filter,
  });
  if ((await consumer.info()).num_pending === 0) return;
  const messages = await consumer.consume({ max_messages: 1_000 });
  const stop = () => messages.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const message of messages) {
      read(message);
      if (message.info.pending === 0 || message.seq >= end) break;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    messages.stop();
  }
  signal.throwIfAborted();
}
