import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import { freePort, startNats } from '#tests/support/nats.ts';
import { startSimulator } from '#tests/support/simulator.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import type { Bundle } from './bundle.ts';
import { secretsOf, writeEstate } from './estate-file.ts';
import { fillMasterData, type Shelf } from './master-data.ts';
import { Service } from './service.ts';

export interface World {
  folder: string;
  leaseMs: number;
  nc: NatsConnection;
  js: JetStreamClient;
  manager: JetStreamManager;
  estate: Estate;
  simulator: Simulator;
  /** Two replicas of the engine. */
  engines: readonly [Service, Service];
  ingest: Service;
  clickhousePath: string;
  /** Where webhooks are posted: the replicas' balancer. */
  intakeUrl: string;
  /** What is on the shelves when the first order comes. */
  shelves: readonly Shelf[];
  secret(name: string): string;
  close(keepFolder?: boolean): Promise<void>;
}

export interface WorldOptions {
  bundle: Bundle;
  /** The environment of the children, beside what is set here. */
  environment: NodeJS.ProcessEnv;
  engineEnv?: Readonly<Record<string, string>>;
  ingestEnv?: Readonly<Record<string, string>>;
  seed: string;
  leaseMs: number;
  ackWaitMs: number;
}

/** NATS, the simulated estate, two engine replicas and ingest, with stock on the shelves. */
export async function startWorld(options: WorldOptions): Promise<World> {
  let natsClosed = false;
  const folder = await mkdtemp(join(tmpdir(), 'syncline-chaos-'));
  const nats = await startNats();
  process.once('exit', () => {
    if (!natsClosed) process.kill(nats.pid, 'SIGKILL');
  });
  const nc = await connectNats({ url: nats.url, name: 'chaos', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  const js = jetstream(nc);
  const manager = await jetstreamManager(nc);
  const simulator = await startSimulator({
    seed: options.seed,
    pace: { shipAfterMs: [0, 0], deliverAfterMs: [0, 0], splitShare: 0.25 },
  });
  const addresses = { SIMULATOR_URL: simulator.url, SIMULATOR_SMTP: simulator.smtpUrl };
  const estateFile = join(folder, 'estate.yaml');
  const estate = writeEstate(estateFile, addresses);
  const secrets = secretsOf(estate);
  const engineOf = (name: string, port: number) =>
    new Service({
      name,
      script: options.bundle.engine,
      port,
      logFile: join(folder, `${name}.log`),
      env: {
        ...options.environment,
        ...addresses,
        ...secrets,
        NATS_URL: nats.url,
        ESTATE_FILE: estateFile,
        PORT: String(port),
        OPS_PORT: '0',
        LEASE_MS: String(options.leaseMs),
        ACK_WAIT_MS: String(options.ackWaitMs),
        LOG_LEVEL: 'warn',
        ...options.engineEnv,
      },
    });
  const ports = [await freePort(), await freePort()] as const;
  const engines = [engineOf('engine-a', ports[0]), engineOf('engine-b', ports[1])] as const;
  const clickhousePath = join(folder, 'clickhouse');
  const ingest = new Service({
    name: 'ingest',
    script: options.bundle.ingest,
    logFile: join(folder, 'ingest.log'),
    env: {
      ...options.environment,
      UV_THREADPOOL_SIZE: '16',
      NATS_URL: nats.url,
      CLICKHOUSE_PATH: clickhousePath,
      OPS_PORT: '0',
      INGEST_BLOCK_MS: '300',
      LEASE_MS: String(options.leaseMs),
      LOG_LEVEL: 'warn',
      ...options.ingestEnv,
    },
  });
  const balancer: Balancer = await startBalancer(() =>
    ports.filter((_, index) => engines[index]?.running === true && !engines[index].paused),
  );
  simulator.intake.setUrl(balancer.url);
  for (const service of [...engines, ingest]) service.start();
  await Promise.all(engines.map((engine) => engine.untilListening()));
  const shelves = await fillMasterData(nc, estate, simulator);

  return {
    folder,
    leaseMs: options.leaseMs,
    nc,
    js,
    manager,
    estate,
    simulator,
    engines,
    ingest,
    clickhousePath,
    intakeUrl: balancer.url,
    shelves,
    secret: (name) => secrets[name] ?? '',
    close: async (keepFolder = false) => {
      for (const service of [...engines, ingest]) if (service.running) await service.kill();
      await simulator.close();
      await balancer.close();
      await nc.close();
      natsClosed = true;
      await nats.close();
      if (!keepFolder) await rm(folder, { recursive: true, force: true });
    },
  };
}
