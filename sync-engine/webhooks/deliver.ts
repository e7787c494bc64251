import { randomUUID } from 'node:crypto';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { DeliveryOutcome, Webhook, WebhookHealth } from '#contracts/v1/webhook.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { publishDurably, readAt } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { healthAfter, isLost } from './health.ts';
import { pauseAfter, type RetrySchedule } from './schedule.ts';
import type { Attempted, Sender } from './send.ts';
import type { WaitingDeliveries, WaitingDelivery } from './waiting-deliveries.ts';
import type { WebhookSecrets } from './webhook-store.ts';

export interface DelivererOptions {
  webhook: Webhook;
  secrets: WebhookSecrets;
  waiting: WaitingDeliveries;
  health: WebhookHealth;
  sender: Sender;
  schedule: RetrySchedule;
  publisher: Publisher;
  manager: JetStreamManager;
  now: () => Date;
  random: () => number;
}

const GONE = 410;

/** Tells one endpoint of one event at a time and decides what follows; each attempt is in the delivery log. */
export class Deliverer {
  readonly #options: DelivererOptions;
  health: WebhookHealth;
  /** Why the endpoint is to be disabled, once that is so. */
  lost: string | undefined;

  constructor(options: DelivererOptions) {
    this.#options = options;
    this.health = options.health;
  }

  /** The endpoint failed so often in a row that one attempt at a time is enough to find out. */
  get isDown(): boolean {
    return this.health.failures >= this.#options.schedule.downAfter;
  }

  /** Makes one attempt. Once this resolves it is durable what follows from it. @param body absent where it must be read. */
  async attempt(item: WaitingDelivery, body?: string): Promise<void> {
    const { webhook, sender, waiting, now, schedule } = this.#options;
    const text = body ?? (await this.#read(item.event_seq));
    const attempted: Attempted =
      text === undefined
        ? { ok: false, status: 0, errorCode: 'EVENT_GONE', durationMs: 0 }
        : await sender.send(webhook.url, this.#secrets(), { id: item.cloud_event_id, body: text });
    crashPoint('engine.webhook.sent');
    const at = now();
    const wasDown = this.isDown;
    if (text !== undefined) this.health = healthAfter(this.health, attempted, at);
    const attempts = item.attempts + 1;
    const pause =
      text === undefined || attempted.ok
        ? undefined
        : pauseAfter(attempts, attempted.retryAfterMs, schedule, this.#options.random);
    const outcome = this.#outcomeOf(attempted, pause, at);
    const nextAt = pause === undefined ? '' : new Date(at.getTime() + pause).toISOString();
    await this.#log(item, attempts, attempted, outcome, outcome === 'retrying' ? nextAt : '', at);
    if (outcome === 'delivered' || outcome === 'given_up') await waiting.remove(item.event_seq);
    else await waiting.put({ ...item, attempts, next_at: nextAt === '' ? at.toISOString() : nextAt });
    if (attempted.ok && wasDown) await waiting.hurry(at);
  }

  #outcomeOf({ ok, status }: Attempted, pause: number | undefined, at: Date): DeliveryOutcome {
    if (ok) return 'delivered';
    if (status === GONE) this.lost = 'The endpoint answered 410 Gone: it wants no more messages.';
    else if (isLost(this.health, at, this.#options.schedule.disableAfterMs))
      this.lost = `Every attempt has failed since ${this.health.failing_since}.`;
    if (this.lost !== undefined) return 'disabled';
    return pause === undefined ? 'given_up' : 'retrying';
  }

  #secrets(): string[] {
    const { current, former } = this.#options.secrets;
    const now = this.#options.now().getTime();
    return [current, ...former.filter(({ until }) => Date.parse(until) > now).map(({ secret }) => secret)];
  }

  async #read(seq: number): Promise<string | undefined> {
    return (await readAt(this.#options.manager, streams.events, seq))?.string();
  }

  async #log(
    { cloud_event_id, event_seq, event, subject, replayed }: WaitingDelivery,
    attempt: number,
    { status, errorCode, durationMs }: Attempted,
    outcome: DeliveryOutcome,
    next_at: string,
    at: Date,
  ): Promise<void> {
    const { webhook_id } = this.#options.webhook;
    const delivery_id = randomUUID();
    const entry = {
      v: 1,
      delivery_id,
      webhook_id,
      at: at.toISOString(),
      cloud_event_id,
      event_seq,
      event,
      subject,
      attempt,
      outcome,
      status,
      error_code: errorCode,
      duration_ms: durationMs,
      next_at,
      replayed,
    };
    const message = { msgId: delivery_id };
    await publishDurably(this.#options.publisher, subjects.delivery(webhook_id), JSON.stringify(entry), message);
  }
}
