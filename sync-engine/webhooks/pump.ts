import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import { type CloudEvent, cloudEvent, nameOfType } from '#contracts/v1/business-event.ts';
import type { Webhook } from '#contracts/v1/webhook.ts';
import type { Log } from '#platform/log.ts';
import { Slots } from '../work/slots.ts';
import { openConsumer } from './consumer.ts';
import { Deliverer, type DelivererOptions } from './deliver.ts';
import { freshHealth } from './health.ts';
import { type ReplayQueue, takeReplayed } from './replay.ts';
import { WaitingDeliveries } from './waiting-deliveries.ts';
import type { WebhookStore } from './webhook-store.ts';

export interface PumpOptions extends Omit<DelivererOptions, 'webhook' | 'secrets' | 'waiting' | 'health'> {
  js: JetStreamClient;
  store: WebhookStore;
  replays: ReplayQueue;
  log: Log;
  /** Whoever takes this over from one that was killed has to wait so long for what that one had taken. */
  ackWaitMs: number;
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
 * subjects at a time. It has a consumer, connections and a list of its own, so that it holds up no other.
 */
export async function runPump(signal: AbortSignal, webhook: Webhook, options: PumpOptions): Promise<void> {
  const { store, now, log } = options;
  const { webhook_id: id } = webhook;
  const secrets = await store.secrets(id);
  if (secrets === undefined) throw new Error(`the webhook ${id} has no secret`);
  const waiting = await WaitingDeliveries.load(store.waiting, id);
  const before = await store.health(id);
  const isUnchanged = before?.webhook_version === webhook.version;
  const health = isUnchanged ? before : freshHealth(webhook, before);
  // Somebody may have mended what made it fail. Its health is stored after that, so a crash between does it again.
  if (!isUnchanged) await waiting.beginAnew(now());
  const deliverer = new Deliverer({ ...options, webhook, secrets, waiting, health });
  const consumer = await openConsumer(options.js, options.manager, webhook, options.ackWaitMs);
  const slots = new Slots(() => (deliverer.isDown ? 1 : CONCURRENCY));
  let shown = '';

  const tell = async (run: () => Promise<void>) => {
    await slots.acquire(0);
    try {
      await run();
    } finally {
      slots.release();
    }
  };

  /** What may not be told now is durable in the list before it is acknowledged. */
  const take = async (message: JsMsg, event: CloudEvent) => {
    const name = nameOfType(event.type);
    if (name === undefined || !webhook.events.includes(name)) return message.ack();
    const { id: cloud_event_id, subject } = event;
    const item = { event_seq: message.seq, cloud_event_id, event: name, subject };
    const first = { ...item, attempts: 0, next_at: now().toISOString(), replayed: false };
    if (signal.aborted || deliverer.isDown || deliverer.lost !== undefined || waiting.waitsFor(subject))
      await waiting.put(first);
    else await deliverer.attempt(first, message.string());
    message.ack();
  };

  const takeNew = async () => {
    const messages = await consumer.fetch({ max_messages: BATCH, expires: LOOK_AGAIN_MS });
    const stop = () => void messages.close();
    signal.addEventListener('abort', stop);
    const behind = new Map<string, Promise<void>>();
    const held = new Set<JsMsg>();
    const holding = setInterval(() => held.forEach((message) => message.working()), options.ackWaitMs / 3);
    for await (const message of messages) {
      const event = cloudEvent.safeParse(parse(message));
      // A stranger's message in the stream is nobody's event.
      if (!event.success) {
        message.ack();
        continue;
      }
      const { subject } = event.data;
      held.add(message);
      const told = (behind.get(subject) ?? Promise.resolve()).then(() => tell(() => take(message, event.data)));
      behind.set(subject, told);
      // What fails is thrown once all have ended.
      void told.catch(() => undefined).finally(() => held.delete(message));
    }
    signal.removeEventListener('abort', stop);
    await Promise.allSettled(behind.values());
    clearInterval(holding);
    await Promise.all(behind.values());
  };

  const show = async () => {
    const next = waiting.heads()[0]?.next_at ?? '';
    const told = { ...deliverer.health, waiting: waiting.size, next_try_at: next };
    if (JSON.stringify(told) === shown) return;
    await store.putHealth(told);
    shown = JSON.stringify(told);
  };

  while (!signal.aborted) {
    try {
      const due = waiting.heads().filter(({ next_at }) => Date.parse(next_at) <= now().getTime());
      if (due.length > 0)
        await Promise.all(
          due.slice(0, deliverer.isDown ? 1 : BATCH).map((item) => tell(() => deliverer.attempt(item))),
        );
      else if ((deliverer.isDown && waiting.size > 0) || waiting.size >= MOST_WAITING)
        await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      else if (!(await takeReplayed(id, waiting, webhook, options))) await takeNew();
      await show();
      if (deliverer.lost !== undefined) return await options.disable(webhook, deliverer.lost);
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error, webhook: id }, 'a webhook could not be served; trying again');
      await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function parse(message: JsMsg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
