import { DeliverPolicy, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import type { Log } from '../log.ts';

/**
 * Tells of the last message of every subject that matches `filter`, and then of each that comes. A message that cannot
 * be taken in is logged and passed over.
 */
export async function follow(
  js: JetStreamClient,
  stream: string,
  filter: string,
  take: (message: JsMsg) => void,
  log: Log,
): Promise<{ stop(): void }> {
  const consumer = await js.consumers.get(stream, {
    filter_subjects: filter,
    deliver_policy: DeliverPolicy.LastPerSubject,
  });
  const messages = await consumer.consume({
    callback: (message) => {
      try {
        take(message);
      } catch (error) {
        log.warn({ err: error, stream, seq: message.seq }, 'a message could not be taken in');
      }
    },
  });
  return { stop: () => messages.stop() };
}
