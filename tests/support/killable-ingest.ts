import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { expect } from 'vitest';
import { type ClickHouse, openClickHouse } from '#platform/clickhouse/client.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { type IngestProcess, startIngestProcess } from './ingest-process.ts';
import { startNats } from './nats.ts';

export interface KillableIngest {
  nc: NatsConnection;
  js: JetStreamClient;
  /** What a process of ingest must be told to work on this NATS and this ClickHouse folder. */
  addresses: { natsUrl: string; clickhousePath: string };
  start(): IngestProcess;
  /** Runs ingest until it ends itself at a crash point. */
  crashAt(point: string): Promise<void>;
  /** Looks into ClickHouse while no ingest runs. */
  inspect<T>(look: (clickhouse: ClickHouse) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** NATS with its streams and a ClickHouse folder that one process of ingest after another owns. */
export async function killableIngest(options: { blockEvents?: number } = {}): Promise<KillableIngest> {
  const nats = await startNats();
  const clickhousePath = await mkdtemp(join(tmpdir(), 'syncline-crash-'));
  const nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  const addresses = { natsUrl: nats.url, clickhousePath };
  return {
    nc,
    js: jetstream(nc),
    addresses,
    start: () => startIngestProcess({ ...addresses, ...options }),
    async crashAt(point) {
      const process = startIngestProcess({ ...addresses, ...options, crashPoint: point });
      expect(await process.ended, process.log()).toBe('SIGKILL');
    },
    async inspect(look) {
      const clickhouse = await openClickHouse({ path: clickhousePath, readers: 1 });
      try {
        return await look(clickhouse);
      } finally {
        await clickhouse.close();
      }
    },
    async close() {
      await nc.close();
      await nats.close();
      await rm(clickhousePath, { recursive: true, force: true });
    },
  };
}
