import { setTimeout as delay } from 'node:timers/promises';
import { crashPoint } from '#platform/crash-point.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { PublishFetched } from '../intake/fetched-message.ts';
import type { CursorBook } from './cursor-book.ts';
import { patientSend } from './patient-send.ts';
import type { Poll } from './poll.ts';

export interface PollsOptions {
  kinds: Pick<Kinds, 'of'>;
  connectors: Pick<Connectors, 'all' | 'sender'>;
  leases: Leases;
  publish: PublishFetched;
  cursors: CursorBook;
  log: Log;
  now: () => Date;
  /** Told of every look: `ok` or `failed`. */
  onLook?: (system: string, outcome: 'ok' | 'failed') => void;
}

/** Asks every system that has to be asked what is new, each on the one replica that holds its lease. */
export function holdPolls(options: PollsOptions): void {
  for (const { system } of options.connectors.all()) {
    const poll = options.kinds.of(system.id).poll?.(system);
    if (poll !== undefined)
      options.leases.hold(`poll-${system.id}`, (signal) => lookAgain(signal, system.id, poll, options));
  }
}

async function lookAgain(signal: AbortSignal, system: string, poll: Poll, options: PollsOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await look(signal, system, poll, options);
      options.onLook?.(system, 'ok');
    } catch (error) {
      if (signal.aborted) return;
      options.onLook?.(system, 'failed');
      options.log.warn({ err: error, system }, 'a look at a system failed; it begins again where it was');
    }
    await delay(poll.everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Durable on INTAKE first, then the cursor moves: a crash in between has the batch read once more, and each message has
 * the id it had the first time. A cursor that somebody else moved ends the look.
 */
async function look(
  signal: AbortSignal,
  system: string,
  poll: Poll,
  { connectors, cursors, publish, now }: PollsOptions,
): Promise<void> {
  let cursor = await cursors.read(system, () => poll.begin(now()));
  const batches = poll.read(cursor.position, {
    send: patientSend(connectors.sender(system), signal),
    known: (deliveryId) => cursor.recent.includes(deliveryId),
    now,
  });
  for await (const { messages, upTo } of batches) {
    for (const message of messages) {
      if (signal.aborted) return;
      await publish(system, message);
    }
    crashPoint('engine.poll.taken');
    const ids = messages.map(({ deliveryId }) => deliveryId);
    const next = await cursors.advance(system, cursor, upTo, ids);
    if (next === undefined || signal.aborted) return;
    cursor = next;
  }
}
