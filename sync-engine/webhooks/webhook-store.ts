import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { type Webhook, webhook, webhookHealth, type WebhookHealth, webhookSecret } from '#contracts/v1/webhook.ts';
import { compareAndSwap, getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { keysOf, purgeKeys } from '#platform/nats/list.ts';

/** Key in KV of how far a webhook was served. */
export const cursorKey = (webhookId: string): string => `webhook.${webhookId}`;

/** A secret never changes: a new one has a name of its own. Before they had names there was one, kept with its former. */
const storedSecret = z.union([
  z.object({ secret: webhookSecret }),
  z.object({ current: webhookSecret }).transform(({ current }) => ({ secret: current })),
]);
export const NAMELESS = '';
const secretKey = (id: string, name: string): string => (name === NAMELESS ? id : `${id}.${name}`);

/** The secrets of a webhook as they stand: the present one, then those that sign too until then. */
export interface WebhookSecrets {
  current: string;
  former: { secret: string; until: string }[];
}

/** What is asked to be told again: events by their sequence, or all that were told within a time. */
export const replayRequest = z.object({
  replay_id: z.uuid(),
  webhook_id: z.string(),
  by: z.string(),
  /** Sequences in EVENTS that are left, oldest first; or the next one of a range and its end. */
  left: z.union([
    z.object({ events: z.array(z.int().positive()) }),
    z.object({ next_seq: z.int().positive(), to: instant }),
  ]),
});
export type ReplayRequest = z.infer<typeof replayRequest>;

/** Subscriptions, their secrets, how their endpoints do and what is to be told again: all of it in KV. */
export class WebhookStore {
  readonly webhooks: KV;
  readonly replays: KV;
  readonly waiting: KV;
  /** How far each was served, among other positions in streams. */
  readonly positions: KV;
  readonly #secrets: KV;
  readonly #health: KV;

  private constructor(kv: Record<'webhooks' | 'secrets' | 'health' | 'waiting' | 'replays' | 'positions', KV>) {
    this.webhooks = kv.webhooks;
    this.replays = kv.replays;
    this.waiting = kv.waiting;
    this.positions = kv.positions;
    this.#secrets = kv.secrets;
    this.#health = kv.health;
  }

  static async open(nc: NatsConnection): Promise<WebhookStore> {
    return new WebhookStore({
      webhooks: await openBucket(nc, buckets.webhooks),
      secrets: await openBucket(nc, buckets.webhookSecrets),
      health: await openBucket(nc, buckets.webhookHealth),
      waiting: await openBucket(nc, buckets.webhookWaiting),
      replays: await openBucket(nc, buckets.webhookReplays),
      positions: await openBucket(nc, buckets.positions),
    });
  }

  async get(id: string): Promise<{ value: Webhook; revision: number } | undefined> {
    return getJson(this.webhooks, id, webhook);
  }

  /** @returns false where somebody else was first. */
  async put(value: Webhook, revision: number): Promise<boolean> {
    const written = await compareAndSwap(this.webhooks, value.webhook_id, JSON.stringify(value), revision);
    return written !== undefined;
  }

  /** @throws where the one that signs is not there. */
  async secretsOf({ webhook_id: id, secret_id = NAMELESS, former_secrets = [] }: Webhook): Promise<WebhookSecrets> {
    const read = async (name: string) =>
      (await getJson(this.#secrets, secretKey(id, name), storedSecret))?.value.secret;
    const current = await read(secret_id);
    if (current === undefined) throw new Error(`the webhook ${id} has no secret`);
    const former: WebhookSecrets['former'] = [];
    for (const { secret_id: name, until } of former_secrets) {
      const secret = await read(name);
      if (secret !== undefined) former.push({ secret, until });
    }
    return { current, former };
  }

  /** Keeps a secret, which signs nothing until a webhook names it. @returns its name. */
  async keepSecret(id: string, secret: string): Promise<string> {
    const name = randomUUID();
    await this.#secrets.put(secretKey(id, name), JSON.stringify({ secret }));
    return name;
  }

  /** What no message is signed with any more. */
  async forgetSecret(id: string, name: string): Promise<void> {
    await this.#secrets.purge(secretKey(id, name));
  }

  async health(id: string): Promise<WebhookHealth | undefined> {
    return (await getJson(this.#health, id, webhookHealth))?.value;
  }

  async putHealth(value: WebhookHealth): Promise<void> {
    await this.#health.put(value.webhook_id, JSON.stringify(value));
  }

  /** Nothing is left of it but what was delivered. */
  async remove(id: string): Promise<void> {
    await this.webhooks.delete(id);
    for (const name of [NAMELESS, '*']) await purgeKeys(this.#secrets, secretKey(id, name));
    await this.#health.delete(id);
    await this.positions.delete(cursorKey(id));
    await purgeKeys(this.waiting, `${id}.*`);
    // Who serves webhooks follows these, and is told of a deletion.
    for (const key of await keysOf(this.replays, `${id}.*`)) await this.replays.delete(key);
  }
}
