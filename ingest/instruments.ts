import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '#platform/metrics.ts';
import type { Block } from './block.ts';
import type { Shard } from './source.ts';

/** What ingest tells Prometheus. */
export interface Instruments {
  landed(shard: Shard, block: Block, elapsedMs: number): void;
  failed(shard: Shard): void;
  /** Nothing more to read. */
  idle(shard: Shard): void;
  /** No longer ours: another replica reports it. */
  released(shard: Shard): void;
}

export function createInstruments(metrics: Metrics, now: () => number = Date.now): Instruments {
  const labelNames = ['shard'] as const;
  const registers = [metrics];
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const rows = counter('syncline_ingest_rows_total', 'Events landed in ClickHouse');
  const blocks = counter('syncline_ingest_blocks_total', 'Blocks landed');
  const bytes = counter('syncline_ingest_bytes_total', 'Bytes of events landed');
  const rejected = counter('syncline_ingest_rejected_total', 'Events kept in rejected_steps');
  const failures = counter('syncline_ingest_failures_total', 'Attempts to land a block that failed');
  const seconds = new Histogram({
    name: 'syncline_ingest_block_seconds',
    help: 'From the claim on a block to its visibility',
    labelNames,
    registers,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const visible = new Histogram({
    name: 'syncline_ingest_visible_seconds',
    help: "From the arrival of a block's last event at the stream to its visibility",
    labelNames,
    registers,
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 30, 300],
  });
  const behind = new Map<string, { pending: number; newestMs: number }>();
  new Gauge({
    name: 'syncline_ingest_lag_messages',
    help: 'Messages of the stream not yet landed',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const [shard, { pending }] of behind) this.set({ shard }, pending);
    },
  });
  new Gauge({
    name: 'syncline_ingest_lag_seconds',
    help: 'Age of the newest landed event while messages wait, otherwise 0',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const [shard, { pending, newestMs }] of behind)
        this.set({ shard }, pending === 0 ? 0 : Math.max(0, now() - newestMs) / 1000);
    },
  });
  return {
    landed({ name: shard }, block, elapsedMs) {
      rows.inc({ shard }, block.messages - block.rejected.length);
      blocks.inc({ shard });
      bytes.inc({ shard }, block.bytes);
      rejected.inc({ shard }, block.rejected.length);
      seconds.observe({ shard }, elapsedMs / 1000);
      visible.observe({ shard }, Math.max(0, now() - block.newestMs) / 1000);
      behind.set(shard, { pending: block.pending, newestMs: block.newestMs });
    },
    failed: ({ name: shard }) => failures.inc({ shard }),
    idle({ name: shard }) {
      behind.set(shard, { pending: 0, newestMs: now() });
    },
    released: ({ name: shard }) => void behind.delete(shard),
  };
}
