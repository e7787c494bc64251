import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { createLeases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import { agreeOnShards, openClaims } from './claims.ts';
import { createInstruments } from './instruments.ts';
import { createNudger } from './nudge.ts';
import type { BlockLimits } from './read.ts';
import { runShard } from './shard.ts';
import { type Shard, shardsOf } from './source.ts';
import { compileValidator, type Validate } from './validate.ts';

export interface IngestOptions {
  nc: NatsConnection;
  /** Opened and migrated; closed by whoever opened it. */
  clickhouse: ClickHouse;
  log: Log;
  metrics: Metrics;
  /** Writers of STEPS: 1, or 8 for one a partition. It cannot change once an estate has been begun. */
  shards: 1 | 8;
  limits?: Partial<BlockLimits>;
  /** Names this process among the replicas. */
  owner?: string;
  leaseTtlMs?: number;
  /** False only in the test that proves the claim to be needed. */
  claimBlocks?: boolean;
}

export interface Ingest {
  /** Why it may not work, for /readyz. */
  ready(): Promise<string[]>;
  /** Finishes the blocks under way, commits them and gives the leases back. Call it before NATS is drained. */
  close(): Promise<void>;
}

/**
 * A block costs ClickHouse about the same whether it holds ten events or a thousand (a part in each of ten tables), so
 * blocks are as few as latency allows: publish to visible is at most linger, claim and insert, well below a second.
 * Under load a block grows while the one before is inserted.
 */
export const defaultLimits: BlockLimits = { events: 20_000, bytes: 32 * 1024 * 1024, lingerMs: 400 };

/** Starts landing STEPS, CASES, AUDIT, REPAIRS and DELIVERIES in ClickHouse, sharing the shards with other replicas. */
export async function createIngest(options: IngestOptions): Promise<Ingest> {
  const { nc, clickhouse, log } = options;
  await agreeOnShards(nc, options.shards);
  const js = jetstream(nc);
  const manager = await jetstreamManager(nc);
  const claims = await openClaims(nc);
  const instruments = createInstruments(options.metrics);
  const nudger = createNudger(nc);
  const trouble = new Map<string, string>();
  const limits = { ...defaultLimits, ...options.limits };
  const validators = new Map<Shard['landing'], Validate>();
  const leases = await createLeases(nc, {
    owner: options.owner ?? `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    ttlMs: options.leaseTtlMs ?? 6_000,
    onLost: (name) => log.warn({ lease: name }, 'lease lost'),
    onError: (error, name) => log.error({ err: error, lease: name }, 'lease trouble'),
  });

  async function land(shard: Shard, signal: AbortSignal): Promise<void> {
    let validate = validators.get(shard.landing);
    if (validate === undefined) validators.set(shard.landing, (validate = compileValidator(shard.landing.schema)));
    const { created } = await manager.streams.info(shard.landing.stream);
    await runShard(
      {
        shard,
        js,
        clickhouse,
        claims,
        streamId: `${shard.landing.stream}@${Date.parse(created)}`,
        validate,
        limits,
        nudger,
        instruments,
        log,
        now: () => performance.now(),
        claimBlocks: options.claimBlocks ?? true,
        onTrouble: (reason) => {
          if (reason === undefined) trouble.delete(shard.name);
          else trouble.set(shard.name, `shard ${shard.name} cannot land: ${reason}`);
        },
      },
      signal,
    );
  }
  for (const shard of shardsOf(options.shards)) leases.hold(`ingest.${shard.name}`, (signal) => land(shard, signal));

  return {
    async ready() {
      const reasons = [...trouble.values()];
      if (nc.isClosed()) reasons.push('NATS is not connected');
      if (!(await clickhouse.ping())) reasons.push('ClickHouse does not answer');
      return reasons;
    },
    async close() {
      await leases.close();
      nudger.close();
    },
  };
}
