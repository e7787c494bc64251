import { loadEstate } from '#platform/estate.ts';
import { createLog } from '#platform/log.ts';
import { describeSettings } from '#platform/settings.ts';
import { closeOnSignals, createShutdown } from '#platform/shutdown.ts';
import { seedEngine } from './catalogue/seed.ts';
import { createSimulator } from './create-simulator.ts';
import { readEnv, type SimulatorEnv } from './env.ts';
import { scenarios } from './scenarios/index.ts';

async function main(env: SimulatorEnv): Promise<void> {
  const log = createLog({ service: 'simulator', level: env.LOG_LEVEL });
  const shutdown = createShutdown(log);
  closeOnSignals(shutdown, log);
  const estate = await loadEstate(env.ESTATE_FILE, process.env);
  if (!estate.simulated) throw new Error(`The estate file ${env.ESTATE_FILE} does not say "simulated: true".`);
  if (!scenarios.has(env.SCENARIO))
    throw new Error(`There is no scenario "${env.SCENARIO}"; choose one of ${[...scenarios.keys()].join(', ')}.`);

  const waiting = new Set(env.TRAFFIC ? ['master data is being handed over to the engine'] : []);
  const simulator = await createSimulator({
    estate,
    secrets: (name) => process.env[name],
    host: env.HOST,
    port: env.PORT,
    smtpPort: env.SMTP_PORT,
    intakeUrl: env.INTAKE_URL,
    ...(env.DATA_DIR === undefined ? {} : { dataDir: env.DATA_DIR }),
    ...(env.CONTROL_TOKEN === undefined ? {} : { controlToken: env.CONTROL_TOKEN }),
    ...(env.SUBSCRIBER_SECRET === undefined ? {} : { subscriberSecret: env.SUBSCRIBER_SECRET }),
    seed: env.SEED,
    latency: env.LATENCY,
    limits: env.LIMITS,
    rejectShare: 0.002,
    trackedShare: 0.3,
    traffic: {
      ordersPerDay: env.ORDERS_PER_DAY,
      backfillHours: env.BACKFILL_HOURS,
      scenario: env.SCENARIO,
      marketplaceKey: env.MARKETPLACE_API_KEY,
      masterDataKey: env.MASTER_DATA_API_KEY,
    },
    ready: () => [...waiting],
    log,
  });
  shutdown.add('simulator', () => simulator.close());
  log.info({ url: simulator.url, smtp: simulator.smtpUrl }, 'the simulated estate listens');
  const openThirdParties = () => simulator.systems.thirdParties.forEach((thirdParty) => thirdParty.start());
  if (!env.TRAFFIC) return openThirdParties();

  const stopping = new AbortController();
  shutdown.add('seeding', async () => stopping.abort());
  const meta = simulator.store.collection<string>('seed.meta');
  if (env.MASTER_DATA_API_KEY !== undefined && meta.get('seeded') === undefined) {
    const { catalogue, intake } = simulator;
    await seedEngine({
      estate,
      catalogue,
      intake,
      apiKey: env.MASTER_DATA_API_KEY,
      seed: env.SEED,
      log,
      signal: stopping.signal,
    });
    if (!stopping.signal.aborted) meta.put('seeded', new Date().toISOString());
  }
  waiting.clear();
  // They count what is on their shelves first: the engine must know the products by then.
  openThirdParties();
  simulator.systems.buyers.forEach((buyer) => buyer.start());
  await simulator.traffic.start();
}

const read = readEnv();
if ('problem' in read) {
  process.stderr.write(`${read.problem}\n`);
  process.exitCode = 1;
} else if (process.argv.includes('--print-config')) {
  process.stdout.write(`${describeSettings(read.env)}\n`);
} else {
  main(read.env).catch((error: unknown) => {
    process.stderr.write(
      `The simulated estate cannot run: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  });
}
