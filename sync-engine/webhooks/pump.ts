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
import type { Sender } from './send.ts';
import { WaitingDeliveries } from './waiting-deliveries.ts';
import type { WebhookStore } from './webhook-store.ts';

export interface PumpOptions extends Omit<DelivererOptions, 'webhook' | 'secrets' | 'waiting' | 'health' | 'sender'> {
  /** Opens connections that are the webhook's own: a slow endpoint keeps its connections busy, not those of others of its host. */
  createSender(): Sender;
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
  const { store, now } = options;
  const { webhook_id: id } = webhook;
  const secrets = await store.secretsOf(webhook);
  // First of all: what a former one still puts on the list after that, it could not move its cursor over.
  const cursor = await Cursor.claim(store.positions, options.manager, webhook);
  const waiting = await WaitingDeliveries.load(store.waiting, id);
  const before = await store.health(id);
  const isUnchanged = before?.webhook_version === webhook.version;
  const health = isUnchanged ? before : freshHealth(webhook, before);
  // Somebody may have mended what made it fail. Its health is stored after that, so a crash between does it again.
  if (!isUnchanged) await waiting.beginAnew(now());
  const sender = options.createSender();
  const deliverer = new Deliverer({ ...options, webhook, secrets, waiting, health, sender });
  const pump = new Pump(webhook, { cursor, waiting, deliverer }, options);
  try {
    await pump.run(signal);
  } finally {
    await pump.close();
    await sender.close();
  }
}

interface Parts {
  cursor: Cursor;
  waiting: WaitingDeliveries;
  deliverer: Deliverer;
}

class Pump {
  readonly #webhook: Webhook;
  readonly #parts: Parts;
  readonly #options: PumpOptions;
  readonly #slots: Slots;
  #live: LiveEvents | undefined;
  #shown = '';

  constructor(webhook: Webhook, parts: Parts, options: PumpOptions) {
    this.#webhook = webhook;
    this.#parts = parts;
    this.#options = options;
    this.#slots = new Slots(() => (parts.deliverer.isDown ? 1 : CONCURRENCY));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { deliverer } = this.#parts;
    const { log } = this.#options;
    while (!signal.aborted)
      try {
        await this.#turn(signal);
        await this.#show();
        if (deliverer.lost !== undefined) return await this.#options.disable(this.#webhook, deliverer.lost);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Superseded) throw error;
        log.warn({ err: error, webhook: this.#webhook.webhook_id }, 'a webhook could not be served; trying again');
        // What was not done is read again.
        await this.close();
        await pause(signal);
      }
  }

  async close(): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    await live?.close();
  }

  /** Something of what is due, of what is told again and of what is new: no matter how much of one there is, the others go on. */
  async #turn(signal: AbortSignal): Promise<void> {
    const { cursor, waiting, deliverer } = this.#parts;
    const now = this.#options.now().getTime();
    const due = waiting.heads().filter(({ next_at }) => Date.parse(next_at) <= now);
    const first = due.slice(0, deliverer.isDown ? 1 : BATCH);
    await Promise.all(first.map((item) => this.#tell(() => deliverer.attempt(item))));
    if (deliverer.lost !== undefined) return;
    if ((deliverer.isDown && waiting.size > 0) || waiting.size >= MOST_WAITING) {
      // What comes meanwhile is read again from the stream, however much it gets.
      await this.close();
      if (due.length === 0) await pause(signal);
      return;
    }
    const isBusy = due.length > 0 || (await takeReplayed(this.#webhook, waiting, cursor, this.#options));
    await this.#takeNew(isBusy ? 0 : LOOK_AGAIN_MS, signal);
  }

  async #takeNew(waitMs: number, signal: AbortSignal): Promise<void> {
    const { cursor } = this.#parts;
    this.#live ??= await LiveEvents.open(this.#options.js, cursor.eventSeq);
    const events = await this.#live.take(BATCH, waitMs, signal);
    const subjectOf = ({ event }: LiveEvent) => event?.subject ?? '';
    const take = (one: LiveEvent) => this.#tell(() => this.#take(one, signal));
    const { done, failure } = await inSubjectOrder(events, subjectOf, take);
    const last = events[done - 1];
    if (last !== undefined) await cursor.move({ event_seq: last.seq });
    if (failure !== undefined) throw failure;
  }

  /** What may not be told now is durable in the list before the cursor moves over it. */
  async #take({ seq, event, text }: LiveEvent, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { waiting, deliverer } = this.#parts;
    const name = event === undefined ? undefined : nameOfType(event.type);
    if (event === undefined || name === undefined || !this.#webhook.events.includes(name) || waiting.has(seq)) return;
    const { id: cloud_event_id, subject } = event;
    const item = { event_seq: seq, cloud_event_id, event: name, subject };
    const first = { ...item, attempts: 0, next_at: this.#options.now().toISOString(), replayed: false };
    if (deliverer.isDown || deliverer.lost !== undefined || waiting.waitsFor(subject)) await waiting.put(first);
    else await deliverer.attempt(first, text);
  }

  async #tell(run: () => Promise<void>): Promise<void> {
    await this.#slots.acquire(0);
    try {
      await run();
    } finally {
      this.#slots.release();
    }
  }

  async #show(): Promise<void> {
    const { waiting, deliverer } = this.#parts;
    const told = { ...deliverer.health, waiting: waiting.size, next_try_at: waiting.heads()[0]?.next_at ?? '' };
    if (JSON.stringify(told) === this.#shown) return;
    await this.#options.store.putHealth(told);
    this.#shown = JSON.stringify(told);
  }
}

const pause = (signal: AbortSignal) => delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
