import { DeliverPolicy, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { readLast } from './publish.ts';

/** Nothing that is read whole has more messages than this. */
const MOST = 5_000;

/** Every message of one subject in stream order, up to what the leader says is the last. */
export async function readSubject(
  js: JetStreamClient,
  manager: JetStreamManager,
  stream: string,
  subject: string,
): Promise<JsMsg[]> {
  const last = await readLast(manager, stream, subject);
  if (last === undefined) return [];
  const consumer = await js.consumers.get(stream, { filter_subjects: subject, deliver_policy: DeliverPolicy.All });
  const read: JsMsg[] = [];
  try {
    for await (const message of await consumer.fetch({ max_messages: MOST, expires: 5_000 })) {
      read.push(message);
      if (message.seq >= last.seq) break;
    }
  } finally {
    await consumer.delete().catch(() => undefined);
  }
  return read;
}
