import { fileURLToPath } from 'node:url';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import { loadEstate } from '#platform/estate.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { describeSettings } from '#platform/settings.ts';
import { closeOnSignals, createShutdown } from '#platform/shutdown.ts';
import { readEnv, type ConsoleEnv } from './env.ts';
import { loadBundle } from './server/bundle.ts';
import { createConsole } from './server/console.ts';

/** The console as a service of its own, beside a NATS cluster and a ClickHouse server. */
async function main(env: ConsoleEnv): Promise<void> {
  const log = createLog({ service: 'console', level: env.LOG_LEVEL });
  const shutdown = createShutdown(log);
  closeOnSignals(shutdown, log);
  const estate = await loadEstate(env.ESTATE_FILE, process.env);
  const bundle = await loadBundle(fileURLToPath(new URL('../build', import.meta.url)));
  const nats = await connectNats({
    url: env.NATS_URL,
    name: 'console',
    log,
    ...(env.NATS_USER === undefined ? {} : { user: env.NATS_USER }),
    ...(env.NATS_PASSWORD === undefined ? {} : { password: env.NATS_PASSWORD }),
  });
  shutdown.add('nats', () => nats.drain());
  const clickhouse = await openClickHouse({
    url: env.CLICKHOUSE_URL,
    database: env.CLICKHOUSE_DATABASE,
    ...(env.CLICKHOUSE_USER === undefined ? {} : { username: env.CLICKHOUSE_USER }),
    ...(env.CLICKHOUSE_PASSWORD === undefined ? {} : { password: env.CLICKHOUSE_PASSWORD }),
  });
  shutdown.add('clickhouse', () => clickhouse.close());
  const console = await createConsole({
    nats,
    clickhouse,
    estate,
    log,
    bundle,
    metrics: createMetrics('console'),
    trustedProxies: env.TRUSTED_PROXIES,
    ...(env.PUBLIC_ORIGIN === undefined ? {} : { publicOrigin: env.PUBLIC_ORIGIN }),
  });
  shutdown.add('console', () => console.close());
  const port = await console.listen(env.PORT, env.HOST);
  log.info({ port }, 'the console listens');
}

const settings = readEnv();
if ('problem' in settings) {
  console.error(settings.problem);
  process.exitCode = 1;
} else if (process.argv.includes('--print-config')) {
  console.log(describeSettings(settings.env));
} else {
  main(settings.env).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
