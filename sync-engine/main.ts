import { connectNats } from '#platform/nats/connect.ts';
import { configureCrashPoint } from '#platform/crash-point.ts';
import { EstateError, loadEstate, resolveSecret } from '#platform/estate.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { startOpsServer } from '#platform/ops-server.ts';
import { describeSettings } from '#platform/settings.ts';
import { closeOnSignals, createShutdown } from '#platform/shutdown.ts';
import { loadConnectors } from './connectors/load.ts';
import { createEngine } from './engine.ts';
import { estateVariables, readEnv } from './env.ts';

const read = readEnv();
if ('problem' in read) {
  process.stderr.write(`${read.problem}\n`);
  process.exit(1);
}
const { env } = read;
if (process.argv.includes('--print-config')) {
  process.stdout.write(`${describeSettings(env)}\n`);
  process.exit(0);
}

/** A call under way is waited for as long as its system may take; estates allow their slowest one some 30 s. */
const STOP_WITHIN_MS = 40_000;

const log = createLog({ service: 'sync-engine', level: env.LOG_LEVEL });
configureCrashPoint(env.CRASH_POINT);
const shutdown = createShutdown(log);
closeOnSignals(shutdown, log, STOP_WITHIN_MS);

try {
  const estate = await loadEstate(env.ESTATE_FILE, estateVariables());
  const metrics = createMetrics('sync-engine');
  const starting = { reasons: ['starting'] };
  const state: { ready: () => Promise<string[]> | string[] } = { ready: () => starting.reasons };
  const ops = await startOpsServer({ port: env.OPS_PORT, host: env.HOST, metrics, ready: () => state.ready() });
  shutdown.add('health', () => ops.close());
  const nc = await connectNats({
    url: env.NATS_URL,
    name: 'sync-engine',
    log,
    ...(env.NATS_USER === undefined ? {} : { user: env.NATS_USER }),
    ...(env.NATS_PASSWORD === undefined ? {} : { password: env.NATS_PASSWORD }),
  });
  shutdown.add('NATS', () => nc.drain());
  const engine = await createEngine({
    nc,
    estate,
    connectors: await loadConnectors(estate, env.ESTATE_FILE),
    secrets: (setting) => resolveSecret(setting, estateVariables()),
    log,
    metrics,
    replicas: env.NATS_REPLICAS,
    retentionDays: env.RETENTION_DAYS,
    leaseMs: env.LEASE_MS,
    ackWaitMs: env.ACK_WAIT_MS,
    ...(env.TRUST_PROXY === undefined ? {} : { trustProxy: env.TRUST_PROXY.split(',') }),
    ...(env.UNSAFE_WITHOUT_FENCE === undefined ? {} : { unsafeWithoutFence: true }),
  });
  shutdown.add('engine', () => engine.close());
  const port = await engine.intake.listen({ port: env.PORT, host: env.HOST });
  state.ready = () => engine.ready();
  log.info({ port, ops_port: ops.port }, 'sync engine is ready');
} catch (error) {
  if (error instanceof EstateError) log.fatal(error.message);
  else log.fatal({ err: error }, 'the sync engine could not start');
  await shutdown.close();
  process.exit(1);
}
