import type { NatsConnection } from '@nats-io/nats-core';
import { buckets } from '#contracts/v1/subjects.ts';
import { type Webhook, webhook, webhookHealth, type WebhookHealth } from '#contracts/v1/webhook.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { valuesOf } from '#platform/nats/list.ts';

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
  const withHealth = async (one: Webhook): Promise<WebhookNow> => ({
    webhook: one,
    health: (await getJson(health, one.webhook_id, webhookHealth))?.value,
  });
  return {
    get: async (id) => {
      const stored = await getJson(kv, id, webhook);
      return stored && withHealth(stored.value);
    },
    all: async () => {
      const found = await Promise.all((await valuesOf(kv, webhook)).map(withHealth));
      return found.sort((a, b) => a.webhook.name.localeCompare(b.webhook.name));
    },
  };
}
