import type { NatsConnection } from '@nats-io/nats-core';
import { buckets } from '#contracts/v1/subjects.ts';
import { type Webhook, webhook, webhookHealth, type WebhookHealth } from '#contracts/v1/webhook.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';

export interface WebhookNow {
  webhook: Webhook;
  /** Absent until its endpoint was spoken to. */
  health: WebhookHealth | undefined;
}

/** Webhooks as the engine keeps them, read when they are asked for: they are few, and secrets are not among them. */
export interface Webhooks {
  /** By name. */
  all(): Promise<WebhookNow[]>;
  get(id: string): Promise<WebhookNow | undefined>;
}

export async function openWebhooks(nats: NatsConnection): Promise<Webhooks> {
  const kv = await openBucket(nats, buckets.webhooks);
  const health = await openBucket(nats, buckets.webhookHealth);
  const get: Webhooks['get'] = async (id) => {
    const stored = await getJson(kv, id, webhook);
    if (stored === undefined) return undefined;
    return { webhook: stored.value, health: (await getJson(health, id, webhookHealth))?.value };
  };
  return {
    get,
    all: async () => {
      const ids: string[] = [];
      for await (const id of await kv.keys()) ids.push(id);
      const found = await Promise.all(ids.map(get));
      return found.filter((one) => one !== undefined).sort((a, b) => a.webhook.name.localeCompare(b.webhook.name));
    },
  };
}
