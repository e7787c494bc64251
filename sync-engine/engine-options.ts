import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Log } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import type { ConnectorDefinition } from './connectors/definition.ts';
import type { Intake } from './intake/server.ts';
import type { RetrySchedule } from './webhooks/schedule.ts';

export interface EngineOptions {
  nc: NatsConnection;
  estate: Estate;
  /** Resolves a secret named in the estate file (`env:NAME`). */
  secrets: (setting: string) => string;
  log: Log;
  metrics: Metrics;
  replicas?: number;
  retentionDays?: number;
  /** Connectors beside those that come with Syncline. */
  connectors?: readonly ConnectorDefinition[];
  leaseMs?: number;
  ackWaitMs?: number;
  trustProxy?: string[];
  unsafeWithoutFence?: boolean;
  /** When a webhook's endpoint that failed is told again. */
  webhookRetries?: RetrySchedule;
}

export interface Engine {
  intake: Intake;
  /** Why the engine may not work yet; empty when it may. */
  ready(): Promise<string[]>;
  /** Lets what is under way finish, gives its leases back and stops. */
  close(): Promise<void>;
}
