import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { developmentBundle, loadBundle } from '#app/server/bundle.ts';
import { createConsole } from '#app/server/console.ts';
import { createIngest } from '#ingest/ingest.ts';
import { createOtlpReceiver } from '#ingest/otlp/receiver.ts';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate } from '#platform/clickhouse/migrate.ts';
import { makeQueryViews } from '#platform/clickhouse/query-views.ts';
import { loadEstate } from '#platform/estate.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { startOpsServer } from '#platform/ops-server.ts';
import { closeOnSignals, createShutdown } from '#platform/shutdown.ts';
import { type ConsoleIngestEnv, readEnvironment } from './start/console-ingest-env.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Console and ingest in one process: the embedded ClickHouse has one owner, and both of them need it. */
async function main(env: ConsoleIngestEnv): Promise<void> {
  const log = createLog({ service: 'console', level: env.LOG_LEVEL });
  const shutdown = createShutdown(log);
  closeOnSignals(shutdown, log);
  const estate = await loadEstate(env.ESTATE_FILE, process.env);

  const nats = await connectNats({
    url: env.NATS_URL,
    name: 'console and ingest',
    log,
    ...(env.NATS_USER === undefined ? {} : { user: env.NATS_USER }),
    ...(env.NATS_PASSWORD === undefined ? {} : { password: env.NATS_PASSWORD }),
  });
  shutdown.add('nats', () => nats.drain());
  await ensureStreams(nats, { replicas: 1, retentionDays: env.RETENTION_DAYS });

  const clickhouse = await openClickHouse({ path: env.CLICKHOUSE_PATH });
  shutdown.add('clickhouse', () => clickhouse.close());
  await migrate(clickhouse);
  await makeQueryViews(clickhouse);

  const ingestMetrics = createMetrics('ingest');
  const ingestLog = createLog({ service: 'ingest', level: env.LOG_LEVEL });
  const ingest = await createIngest({
    nc: nats,
    clickhouse,
    log: ingestLog,
    metrics: ingestMetrics,
    shards: 1,
  });
  shutdown.add('ingest', () => ingest.close());
  const otlp = await createOtlpReceiver({
    nc: nats,
    clickhouse,
    log: ingestLog,
    metrics: ingestMetrics,
    maxBytes: env.OTLP_MAX_BYTES,
    unauthenticated: env.OTLP_UNAUTHENTICATED === 'true',
  });
  shutdown.add('OTLP', () => otlp.close());
  await otlp.listen({ port: env.OTLP_PORT, host: env.HOST });
  const ops = await startOpsServer({
    port: env.OPS_PORT,
    host: env.HOST,
    metrics: ingestMetrics,
    ready: () => ingest.ready(),
  });
  shutdown.add('ingest operations', () => ops.close());

  const development = process.env['NODE_ENV'] === 'development';
  const bundle = development ? await developmentBundle(root) : await loadBundle(`${root}/build`);
  if (bundle.vite !== undefined) shutdown.add('vite', () => bundle.close());
  const console = await createConsole({ nats, clickhouse, estate, log, bundle, metrics: createMetrics('console') });
  shutdown.add('console', () => console.close());
  const port = await console.listen(env.PORT, env.HOST);
  log.info({ port }, 'the console listens');
}

const settings = readEnvironment(process.env);
if ('problem' in settings) {
  console.error(settings.problem);
  process.exitCode = 1;
} else {
  main(settings.env).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
