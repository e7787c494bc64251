import { z } from 'zod';
import { createIngest } from '#ingest/ingest.ts';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate } from '#platform/clickhouse/migrate.ts';
import { configureCrashPoint } from '#platform/crash-point.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';

/** What the process of tests/support/ingest-process.ts is told, as JSON in its only argument. */
export const childOptions = z.object({
  natsUrl: z.string(),
  clickhousePath: z.string(),
  crashPoint: z.string().optional(),
  claimBlocks: z.boolean().default(true),
  blockEvents: z.int().default(200),
  shards: z.union([z.literal(1), z.literal(8)]).default(1),
});

if (process.argv[2] !== undefined) {
  const options = childOptions.parse(JSON.parse(process.argv[2]));
  configureCrashPoint(options.crashPoint);
  const log = createLog({ service: 'ingest', level: 'warn', destination: process.stderr });
  const clickhouse = await openClickHouse({ path: options.clickhousePath, readers: 1 });
  await migrate(clickhouse);
  const nc = await connectNats({ url: options.natsUrl, name: 'ingest-child', log });
  const ingest = await createIngest({
    nc,
    clickhouse,
    log,
    metrics: createMetrics('ingest', { defaults: false }),
    shards: options.shards,
    limits: { events: options.blockEvents, lingerMs: 20 },
    // A killed process leaves its lease behind; the next waits this long for it.
    leaseTtlMs: 600,
    claimBlocks: options.claimBlocks,
  });
  process.once('SIGTERM', () => {
    void ingest
      .close()
      .then(() => nc.drain())
      .then(() => clickhouse.close())
      .then(() => process.exit(0));
  });
}
