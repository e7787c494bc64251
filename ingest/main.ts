import { type ClickHouseAddress, ClickHouseUnavailable, openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate, MigrationError } from '#platform/clickhouse/migrate.ts';
import { makeQueryViews } from '#platform/clickhouse/query-views.ts';
import { configureCrashPoint } from '#platform/crash-point.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { startOpsServer } from '#platform/ops-server.ts';
import { describeSettings } from '#platform/settings.ts';
import { closeOnSignals, createShutdown } from '#platform/shutdown.ts';
import { type IngestEnv, readEnv } from './env.ts';
import { createIngest } from './ingest.ts';
import { createOtlpReceiver } from './otlp/receiver.ts';

function addressOf(env: IngestEnv): ClickHouseAddress {
  const database = env.CLICKHOUSE_DATABASE;
  if (env.CLICKHOUSE_URL === undefined) return { path: env.CLICKHOUSE_PATH, database, readers: 1 };
  return {
    url: env.CLICKHOUSE_URL,
    database,
    ...(env.CLICKHOUSE_USER === undefined ? {} : { username: env.CLICKHOUSE_USER }),
    ...(env.CLICKHOUSE_PASSWORD === undefined ? {} : { password: env.CLICKHOUSE_PASSWORD }),
  };
}

async function main(env: IngestEnv): Promise<void> {
  configureCrashPoint(env.CRASH_POINT);
  const log = createLog({ service: 'ingest', level: env.LOG_LEVEL });
  const shutdown = createShutdown(log);
  closeOnSignals(shutdown, log);
  const clickhouse = await openClickHouse(addressOf(env));
  shutdown.add('ClickHouse', () => clickhouse.close());
  const { applied } = await migrate(clickhouse, { cluster: env.CLICKHOUSE_CLUSTER });
  if (applied.length > 0) log.info({ applied }, 'migrated');
  await makeQueryViews(clickhouse, env.CLICKHOUSE_CLUSTER);
  const nc = await connectNats({
    url: env.NATS_URL,
    name: 'syncline-ingest',
    log,
    ...(env.NATS_USER === undefined ? {} : { user: env.NATS_USER }),
    ...(env.NATS_PASSWORD === undefined ? {} : { password: env.NATS_PASSWORD }),
  });
  shutdown.add('NATS', () => nc.drain());
  const metrics = createMetrics('ingest');
  const ingest = await createIngest({
    nc,
    clickhouse,
    log,
    metrics,
    shards: env.INGEST_SHARDS,
    limits: { events: env.INGEST_BLOCK_EVENTS, lingerMs: env.INGEST_BLOCK_MS },
    leaseTtlMs: env.LEASE_MS,
    ...(env.UNSAFE_WITHOUT_CLAIM === undefined ? {} : { claimBlocks: false }),
  });
  shutdown.add('ingest', () => ingest.close());
  const otlp = await createOtlpReceiver({
    nc,
    clickhouse,
    log,
    metrics,
    maxBytes: env.OTLP_MAX_BYTES,
    unauthenticated: env.OTLP_UNAUTHENTICATED === 'true',
  });
  shutdown.add('OTLP', () => otlp.close());
  const otlpPort = await otlp.listen({ port: env.OTLP_PORT, host: env.HOST });
  const ops = await startOpsServer({ port: env.OPS_PORT, host: env.HOST, metrics, ready: () => ingest.ready() });
  shutdown.add('health and metrics', () => ops.close());
  log.info({ port: ops.port, otlp: otlpPort }, 'ingest is running');
}

const settings = readEnv();
if ('problem' in settings) {
  process.stderr.write(`${settings.problem}\n`);
  process.exit(1);
}
if (process.argv.includes('--print-config')) {
  process.stdout.write(`${describeSettings(settings.env)}\n`);
} else {
  main(settings.env).catch((error: unknown) => {
    const plain = error instanceof ClickHouseUnavailable || error instanceof MigrationError;
    process.stderr.write(`${plain ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
}
