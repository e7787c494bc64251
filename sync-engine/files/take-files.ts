import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Estate } from '#contracts/v1/estate.ts';
import { topicToken } from '#contracts/v1/intake.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { publishDurably } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { domainOf } from '../connectors/topics.ts';
import { toNatsHeaders } from '../intake/headers.ts';
import { archiveFile, listFiles } from './drop.ts';
import type { ExchangeBook } from './exchange-book.ts';
import type { FileExchange, FileMessage } from './file-exchange.ts';

interface Options {
  estate: Pick<Estate, 'systems' | 'simulated'>;
  kinds: Kinds;
  leases: Leases;
  publisher: Publisher;
  book: ExchangeBook;
  log: Log;
  now: () => Date;
}

/** Takes the files of every system that exchanges any, each on the one replica that holds its lease. */
export function holdFileExchanges(options: Options): void {
  for (const system of options.estate.systems) {
    const exchange = options.kinds.of(system.id).files?.(system);
    if (exchange !== undefined)
      options.leases.hold(`files-${system.id}`, (signal) => takeFiles(signal, system.id, exchange, options));
  }
}

/** Looks again and again. A file is whole when nothing of it changed between two looks. */
async function takeFiles(signal: AbortSignal, system: string, exchange: FileExchange, options: Options): Promise<void> {
  let before = new Map<string, string>();
  while (!signal.aborted) {
    try {
      const seen = await listFiles(exchange.inbox);
      for (const [name, mark] of seen)
        if (before.get(name) === mark && !signal.aborted) await takeOrLeave(system, exchange, name, options);
      before = seen;
    } catch (error) {
      options.log.warn({ err: error, system, folder: exchange.inbox }, 'files could not be taken; trying again');
    }
    await delay(exchange.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A file that cannot be taken stays where it is and is tried again at the next look; it holds up none behind it. */
async function takeOrLeave(system: string, exchange: FileExchange, name: string, options: Options): Promise<void> {
  try {
    await takeFile(system, exchange, name, options);
  } catch (error) {
    options.log.warn({ err: error, system, file: name }, 'a file could not be taken; trying again');
  }
}

/**
 * Durable first, then put away: a crash in between has the file taken once more, and everything done for it a second time
 * has the name it had the first time.
 */
async function takeFile(system: string, exchange: FileExchange, name: string, options: Options): Promise<void> {
  const bytes = await readFile(join(exchange.inbox, name));
  const file = await exchange.take(name, bytes, options.book);
  for (const message of file.messages) await publish(system, message, options);
  crashPoint('engine.file.taken');
  await file.finish();
  crashPoint('engine.file.finished');
  await archiveFile(exchange.inbox, name, createHash('sha256').update(bytes).digest('hex'));
}

async function publish(system: string, { topic, deliveryId, body }: FileMessage, options: Options): Promise<void> {
  const means = options.kinds.topic(system, topic)?.means;
  if (means === undefined) throw new Error(`nobody knows the topic ${topic}`);
  await publishDurably(options.publisher, subjects.intake(domainOf[means], system, topicToken(topic)), body, {
    msgId: `${system} ${topic} ${deliveryId}`,
    headers: toNatsHeaders({
      'syncline-system': system,
      'syncline-topic': topic,
      'syncline-received-at': options.now().toISOString(),
      'syncline-webhook-id': deliveryId,
      'syncline-origin': options.estate.simulated ? 'simulated' : 'live',
    }),
  });
}
