import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamClient } from '@nats-io/jetstream';
import { nameOfType } from '#contracts/v1/business-event.ts';
import type { Webhook } from '#contracts/v1/webhook.ts';
import type { Log } from '#platform/log.ts';
import { Slots } from '../work/slots.ts';
import { Cursor, Superseded } from './cursor.ts';
import { Deliverer, type DelivererOptions } from './deliver.ts';
import { freshHealth } from './health.ts';
import { inSubjectOrder } from './in-subject-order.ts';
import { type LiveEvent, LiveEvents } from './live-events.ts';
import { type ReplayQueue, takeReplayed } from './replay.ts';
import { WaitingDeliveries } from './waiting-deliveries.ts';
import type { WebhookStore } from './webhook-store.ts';

export interface PumpOptions extends Omit<DelivererOptions, 'webhook' | 'secrets' | 'waiting' | 'health'> {
  js: JetStreamClient;
  store: WebhookStore;
  replays: ReplayQueue;
  log: Log;
  /** The endpoint is given up. */
  disable(webhook: Webhook, reason: string): Promise<void>;
}

/** Told at once to one endpoint. */
const CONCURRENCY = 8;
const BATCH = 16;
/** Beyond it nothing new is taken: it waits in the stream. */
const MOST_WAITING = 500;
const LOOK_AGAIN_MS = 1_000;

/**
 * Tells one endpoint of its events until the signal aborts: at least once, those of one subject in their order, several
 * subjects at a time. It has a place in the stream, connections and a list of its own, so that it holds up no other.
 * @throws Superseded once somebody else serves the webhook.
 */
export async function runPump(signal: AbortSignal, webhook: Webhook, options: PumpOptions): Promise<void> {
  const { store, now, log } = options;
  const { webhook_id: id } = webhook;
  const secrets = await store.secrets(id);
  if (secrets === undefined) throw new Error(`the webhook ${id} has no secret`);
  // First of all: what a former one still puts on the list after that, it could not move its cursor over.
  const cursor = await Cursor.claim(store.positions, options.manager, webhook);
  const waiting = await WaitingDeliveries.load(store.waiting, id);
  const before = await store.health(id);
  const isUnchanged = before?.webhook_version === webhook.version;
  const health = isUnchanged ? before : freshHealth(webhook, before);
  // Somebody may have mended what made it fail. Its health is stored after that, so a crash between does it again.
  if (!isUnchanged) await waiting.beginAnew(now());
  const deliverer = new Deliverer({ ...options, webhook, secrets, waiting, health });
  const slots = new Slots(() => (deliverer.isDown ? 1 : CONCURRENCY));
  let live: LiveEvents | undefined;
  let shown = '';

  const tell = async (run: () => Promise<void>) => {
    await slots.acquire(0);
    try {
      await run();
    } finally {
      slots.release();
    }
  };

  /** What may not be told now is durable in the list before the cursor moves over it. */
  const take = async ({ seq, event, text }: LiveEvent) => {
    signal.throwIfAborted();
    const name = event === undefined ? undefined : nameOfType(event.type);
    if (event === undefined || name === undefined || !webhook.events.includes(name) || waiting.has(seq)) return;
    const { id: cloud_event_id, subject } = event;
    const item = { event_seq: seq, cloud_event_id, event: name, subject };
    const first = { ...item, attempts: 0, next_at: now().toISOString(), replayed: false };
    if (deliverer.isDown || deliverer.lost !== undefined || waiting.waitsFor(subject)) await waiting.put(first);
    else await deliverer.attempt(first, text);
  };

  const takeNew = async (waitMs: number) => {
    live ??= await LiveEvents.open(options.js, cursor.eventSeq);
    const events = await live.take(BATCH, waitMs, signal);
    const subjectOf = ({ event }: LiveEvent) => event?.subject ?? '';
    const { done, failure } = await inSubjectOrder(events, subjectOf, (one) => tell(() => take(one)));
    const last = events[done - 1];
    if (last !== undefined) await cursor.move({ event_seq: last.seq });
    if (failure !== undefined) throw failure;
  };

  const show = async () => {
    const next = waiting.heads()[0]?.next_at ?? '';
    const told = { ...deliverer.health, waiting: waiting.size, next_try_at: next };
    if (JSON.stringify(told) === shown) return;
    await store.putHealth(told);
    shown = JSON.stringify(told);
  };

  const closeLive = () => {
    live?.close();
    live = undefined;
  };

  while (!signal.aborted)
    try {
      const due = waiting.heads().filter(({ next_at }) => Date.parse(next_at) <= now().getTime());
      if (due.length > 0)
        await Promise.all(
          due.slice(0, deliverer.isDown ? 1 : BATCH).map((item) => tell(() => deliverer.attempt(item))),
        );
      else if ((deliverer.isDown && waiting.size > 0) || waiting.size >= MOST_WAITING) {
        // What comes meanwhile is read again from the stream, however much it gets.
        closeLive();
        await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      } else if (!(await takeReplayed(webhook, waiting, cursor, options))) await takeNew(LOOK_AGAIN_MS);
      await show();
      if (deliverer.lost === undefined) continue;
      closeLive();
      return await options.disable(webhook, deliverer.lost);
    } catch (error) {
      closeLive();
      if (signal.aborted) return;
      if (error instanceof Superseded) throw error;
      log.warn({ err: error, webhook: id }, 'a webhook could not be served; trying again');
      await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  closeLive();
}
