import { setTimeout as delay } from 'node:timers/promises';
import { DeliverPolicy, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import type { Log } from '../log.ts';
import { readLast } from './publish.ts';

export interface Follow {
  /**
   * Resolves once everything has been seen that the stream's leader had when this was asked, or, where that takes too
   * long, with what is known.
   * @returns whether everything has been seen.
   */
  caughtUp(): Promise<boolean>;
  stop(): void;
}

export interface FollowOptions {
  stream: string;
  /** A subject, or all below a prefix. */
  subject: string;
  log: Log;
  /** Called with the last message of every subject and from then on with every message, in order. */
  onMessage: (message: JsMsg) => void;
}

/** Whoever is this far behind goes on with what it knows. */
const PATIENCE_MS = 3_000;

/** Follows the latest message of every subject, so that what is in force is known without asking. */
export async function followLatest(
  js: JetStreamClient,
  manager: JetStreamManager,
  { stream, subject, log, onMessage }: FollowOptions,
): Promise<Follow> {
  const consumer = await js.consumers.get(stream, {
    filter_subjects: subject,
    deliver_policy: DeliverPolicy.LastPerSubject,
  });
  let seen = 0;
  let waiting: { seq: number; resolve: () => void }[] = [];
  const messages = await consumer.consume({
    callback: (message) => {
      try {
        onMessage(message);
      } catch (error) {
        log.warn({ err: error, stream, seq: message.seq }, 'a message that is followed could not be read');
      }
      seen = Math.max(seen, message.seq);
      const due = waiting.filter(({ seq }) => seq <= seen);
      waiting = waiting.filter(({ seq }) => seq > seen);
      for (const { resolve } of due) resolve();
    },
  });
  return {
    caughtUp: async () => {
      const last = await readLast(manager, stream, subject);
      if (last === undefined || last.seq <= seen) return true;
      const enough = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => waiting.push({ seq: last.seq, resolve })),
        delay(PATIENCE_MS, undefined, { signal: enough.signal })
          .then(() => log.warn({ stream, subject, seen, last: last.seq }, 'following is behind'))
          .catch(() => undefined),
      ]);
      enough.abort();
      return last.seq <= seen;
    },
    stop: () => messages.stop(),
  };
}
