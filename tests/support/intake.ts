import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { ApiScope } from '#contracts/v1/channel-api.ts';
import { expect } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets, type IntakeDomain, streams, subjects } from '#contracts/v1/subjects.ts';
import { loadEstate } from '#platform/estate.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics, type Metrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { readLast } from '#platform/nats/publish.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import type { IntakeLimits } from '#sync-engine/intake/limits.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { createIntakeQueries } from '#sync-engine/intake/queries.ts';
import { createIntake } from '#sync-engine/intake/server.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import type { TestEngine } from './engine.ts';
import { startNats, type TestNats } from './nats.ts';

type Taking = Pick<TestEngine, 'nc' | 'manager' | 'simulator'>;

/** Resolves once everything that the simulated vendors told so far of a domain has come in and is taken, held or not. */
export async function untilTaken({ manager, simulator }: Taking, domain: IntakeDomain): Promise<void> {
  const within = { timeout: 20_000 };
  await expect.poll(() => simulator.intake.counts().waiting, within).toBe(0);
  const last = (await readLast(manager, streams.intake, subjects.intakeDomain(domain)))?.seq ?? 0;
  const taken = async () => (await manager.consumers.info(streams.intake, `intake-${domain}`)).ack_floor.stream_seq;
  await expect.poll(taken, within).toBeGreaterThanOrEqual(last);
}

/** Resolves once all of that is done with, and nothing is held for later any more. */
export async function untilNoneHeld(engine: Taking, domain: IntakeDomain): Promise<void> {
  await untilTaken(engine, domain);
  const held = new Set<string>();
  const watch = await watchBucket(await openBucket(engine.nc, buckets.held), ({ key, operation }) => {
    if (operation === 'PUT') held.add(key);
    else held.delete(key);
  });
  await watch.ready;
  await expect.poll(() => [...held], { timeout: 20_000 }).toEqual([]);
  watch.stop();
}

export interface TestIntake {
  url: string;
  port: number;
  nats: TestNats;
  nc: NatsConnection;
  manager: JetStreamManager;
  metrics: Metrics;
  estate: Estate;
  /** API keys by client id. */
  keys: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Every secret of the test's estate is derived from its name. */
export const secretOf = (setting: string): string => `secret of ${setting}`;

export const shopifySignature = (body: string | Uint8Array, setting = 'env:SHOPIFY_US_SECRET'): string =>
  createHmac('sha256', secretOf(setting)).update(body).digest('base64');
export const wmsSignature = (body: string | Uint8Array, setting = 'env:WMS_EAST_SECRET'): string =>
  createHmac('sha256', secretOf(setting)).update(body).digest('hex');
export const posSignature = (body: string): string =>
  createHmac('sha256', secretOf('env:STORE_BATCHES_SECRET')).update(body).digest('hex');

/** An intake over real HTTP on a free port, with a NATS of its own and the estate that is delivered. */
export async function startIntake(
  options: {
    limits?: Partial<IntakeLimits>;
    now?: () => Date;
    simulated?: boolean;
    /** A server of the test's own; it is stopped all the same. */
    nats?: TestNats;
    clients?: Record<string, { scopes: ApiScope[]; system?: string; quota?: number }>;
  } = {},
): Promise<TestIntake> {
  const nats = options.nats ?? (await startNats());
  const nc = await connectNats({ url: nats.url, name: 'intake', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  const file = fileURLToPath(new URL('../../config/estate.yaml', import.meta.url));
  const estate = { ...(await loadEstate(file, {})), simulated: options.simulated ?? true };
  const metrics = createMetrics('sync-engine', { defaults: false });
  const manager = await jetstreamManager(nc);
  const stock = createStockClient(nc, estate, { attemptMs: 200, deadlineMs: 400 });
  const keys: Record<string, string> = {};
  const kv = await openBucket(nc, buckets.apiClients);
  for (const [id, { scopes, system = 'marketplace', quota = 10_000 }] of Object.entries(options.clients ?? {})) {
    const client = { id, name: id, scopes, system, quota_per_minute: quota };
    keys[id] = (await createApiClient(kv, client, new Date('2026-01-01T00:00:00Z'))).key;
  }
  const intake = await createIntake({
    nc,
    estate,
    kinds: new Kinds(estate),
    secrets: secretOf,
    log: silentLog,
    metrics,
    queries: createIntakeQueries(jetstream(nc), manager, stock),
    publishTimeoutMs: 500,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const port = await intake.listen({ port: 0 });
  await intake.ready;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    nats,
    nc,
    manager,
    metrics,
    estate,
    keys,
    close: async () => {
      await intake.close();
      await nc.close();
      await nats.close();
    },
  };
}
