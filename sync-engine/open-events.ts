import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Audit } from '#platform/audit.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { webhookCommands } from './commands/webhook-commands.ts';
import { deriveEvents } from './events/derive.ts';
import { dispatchWebhooks } from './webhooks/dispatcher.ts';
import type { RetrySchedule } from './webhooks/schedule.ts';
import { WebhookStore } from './webhooks/webhook-store.ts';

export interface EventsOptions {
  nc: NatsConnection;
  js: JetStreamClient;
  manager: JetStreamManager;
  publisher: Publisher;
  estate: Pick<Estate, 'simulated' | 'policies'>;
  leases: Leases;
  audit: Pick<Audit, 'record'>;
  log: Log;
  now: () => Date;
  /** When an endpoint that failed is told again. */
  webhookRetries?: RetrySchedule;
}

/** What others are told: business events on their stream, and webhooks of them. Runs under leases until those end. */
export async function openEvents(options: EventsOptions) {
  const { nc, leases, webhookRetries } = options;
  const positions = await openBucket(nc, buckets.positions);
  const store = await WebhookStore.open(nc);
  leases.hold('events', (signal) => deriveEvents(signal, { ...options, positions }));
  leases.hold('webhooks', (signal) =>
    dispatchWebhooks(signal, {
      ...options,
      store,
      ...(webhookRetries === undefined ? {} : { schedule: webhookRetries }),
    }),
  );
  return webhookCommands({ ...options, store });
}
