import { setTimeout as delay } from 'node:timers/promises';
import { DeliverPolicy, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import { z } from 'zod';
import { stepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import { getJson, type KV } from '#platform/nats/kv.ts';
import { readLast } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { cloudEventOf } from './cloud-event.ts';

export interface DeriveOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  publisher: Publisher;
  /** Bucket of positions in streams. */
  positions: KV;
  log: Log;
}

interface Derived {
  stepSeq: number;
  subject: string;
  id: string;
  text: string;
}

/** Header that tells from which message of STEPS an event was made. */
const STEP_SEQ = 'Syncline-Step-Seq';
const POSITION = 'events';
const position = z.object({ step_seq: z.int().nonnegative() });
const BATCH = 200;
const SAVE_EVERY_MS = 1_000;
const PAUSE_MS = 500;
/** Only these flows are told of: the rest of STEPS is not even parsed. */
const TOLD = new Set(['order_to_cash', 'inventory_sync']);

/**
 * Makes business events of steps, each exactly once and in the order of STEPS, whoever is killed when: where the derivation
 * stands is written in the last message of EVENTS itself, and every event is published with the stream's last sequence
 * expected, so one that follows anything else is refused. The position in KV only spares the successor what it need not
 * read. To be run under a lease.
 */
export async function deriveEvents(signal: AbortSignal, options: DeriveOptions): Promise<void> {
  const { js, log } = options;
  let tail = await tailOf(options);
  const saved = (await getJson(options.positions, POSITION, position))?.value.step_seq ?? 0;
  let done = Math.max(saved, tail.stepSeq);
  let kept = saved;

  const save = async () => {
    if (kept === done) return;
    const upTo = done;
    crashPoint('engine.events.position.before');
    await options.positions.put(POSITION, JSON.stringify({ step_seq: upTo }));
    crashPoint('engine.events.position.after');
    kept = upTo;
  };
  const trySave = () =>
    save().catch((error: unknown) => log.warn({ err: error }, 'the position of business events could not be stored'));

  /** Publishes until all of them are there. What a lost answer or another writer left is told by the stream's tail. */
  const publish = async (batch: readonly Derived[]) => {
    let left = batch;
    while (left.length > 0 && !signal.aborted) {
      const { there, error } = await publishAll(left, tail.seq, options.publisher);
      const last = left[there - 1];
      left = left.slice(there);
      if (error === undefined && last !== undefined) tail = { seq: tail.seq + there, stepSeq: last.stepSeq };
      if (left.length === 0 && error === undefined) return;
      log.warn({ err: error }, 'business events could not be published at once; trying again');
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      tail = await tailOf(options).catch(() => tail);
      left = left.filter(({ stepSeq }) => stepSeq > tail.stepSeq);
    }
  };

  const consumer = await js.consumers.get(streams.steps, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: done + 1,
  });
  const messages = await consumer.consume({ max_messages: 500 });
  const stop = () => messages.stop();
  signal.addEventListener('abort', stop);
  const saving = setInterval(() => void trySave(), SAVE_EVERY_MS);
  let batch: Derived[] = [];
  try {
    for await (const message of messages) {
      if (signal.aborted) break;
      const derived = derive(message);
      if (derived !== undefined) batch.push(derived);
      if (batch.length < BATCH && message.info.pending > 0) continue;
      await publish(batch);
      if (signal.aborted) break;
      batch = [];
      done = message.seq;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    clearInterval(saving);
    await trySave();
  }
}

function derive(message: JsMsg): Derived | undefined {
  if (!TOLD.has(message.subject.split('.')[2] ?? '')) return undefined;
  const step = stepEvent.safeParse(parse(message));
  const made = step.success ? cloudEventOf(step.data) : undefined;
  if (made === undefined) return undefined;
  const { name, event } = made;
  return { stepSeq: message.seq, subject: subjects.event(name), id: event.id, text: JSON.stringify(event) };
}

function parse(message: JsMsg): unknown {
  try {
    return message.json();
  } catch {
    // What is no JSON is no step: ingest keeps and shows it.
    return undefined;
  }
}

/**
 * All at once: the server takes what one connection sends in order, and refuses the rest behind one that is refused. By the
 * sequence alone it would take the second where a stranger's message stands in the place of the first.
 * @returns how many of the first are in the stream; an error where the stream does not end with the last of them.
 */
async function publishAll(
  batch: readonly Derived[],
  lastSeq: number,
  publisher: Publisher,
): Promise<{ there: number; error?: unknown }> {
  crashPoint('engine.events.publish.before');
  const results = await Promise.allSettled(
    batch.map(({ subject, text, id, stepSeq }, i) => {
      const given = headers();
      given.set(STEP_SEQ, String(stepSeq));
      return publisher.publish(subject, text, {
        msgId: id,
        expectedStreamSeq: lastSeq + i,
        ...(i === 0 ? {} : { expectedLastMsgId: batch[i - 1]?.id ?? '' }),
        headers: given,
        timeoutMs: 5_000,
      });
    }),
  );
  crashPoint('engine.events.publish.after');
  const failed = results.findIndex(({ status }) => status === 'rejected');
  const there = failed === -1 ? results.length : failed;
  const refusal = results[there];
  if (refusal?.status === 'rejected') return { there, error: refusal.reason };
  const repeated = results.some((result) => result.status === 'fulfilled' && result.value.duplicate);
  return repeated ? { there, error: new Error('some of these events were in the stream already') } : { there };
}

/** Where EVENTS ends, and up to which message of STEPS it tells. */
async function tailOf({ manager }: DeriveOptions): Promise<{ seq: number; stepSeq: number }> {
  const last = await readLast(manager, streams.events, subjects.allEvents);
  if (last !== undefined) return { seq: last.seq, stepSeq: Number(last.header.get(STEP_SEQ)) };
  const { state } = await manager.streams.info(streams.events);
  return { seq: state.last_seq, stepSeq: 0 };
}
