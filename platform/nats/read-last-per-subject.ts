import { DeliverPolicy, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';

const BATCH = 1_000;

/** The last message of every subject that matches `filter`, as the stream has them at the moment of the question. */
export async function readLastPerSubject(js: JetStreamClient, stream: string, filter: string): Promise<JsMsg[]> {
  const consumer = await js.consumers.get(stream, {
    filter_subjects: filter,
    deliver_policy: DeliverPolicy.LastPerSubject,
  });
  const read: JsMsg[] = [];
  try {
    const { num_pending: wanted } = await consumer.info();
    while (read.length < wanted) {
      const before = read.length;
      const batch = await consumer.fetch({ max_messages: Math.min(BATCH, wanted - read.length), expires: 5_000 });
      for await (const message of batch) read.push(message);
      if (read.length === before) throw new Error(`${stream} stopped sending ${filter}`);
    }
  } finally {
    await consumer.delete().catch(() => undefined);
  }
  return read;
}
