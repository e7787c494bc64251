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
import type { Service } from './service.ts';
import { clickhousePath, consoleService, engineService, ingestService, type Place } from './services.ts';

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
  /** Lands what happens; with a console, the one process of both. */
  ingest: Service;
  /** Where the console listens, in a world that has one. */
  consoleUrl: string | undefined;
  clickhousePath: string;
  /** Where webhooks are posted: the replicas' balancer. */
  intakeUrl: string;
  /** What is on the shelves when the first order comes. */
  shelves: readonly Shelf[];
  secret(name: string): string;
  close(keepFolder?: boolean): Promise<void>;
}

export interface WorldOptions {
  /** With its pages, where a console is wanted. */
  bundle: Bundle;
  /** The environment of the children, beside what is set here. */
  environment: NodeJS.ProcessEnv;
  engineEnv?: Readonly<Record<string, string>>;
  ingestEnv?: Readonly<Record<string, string>>;
  seed: string;
  leaseMs: number;
  ackWaitMs: number;
  /** Ingest runs in one process with a console: the embedded ClickHouse has one owner. */
  withConsole?: boolean;
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
  const addresses = { SIMULATOR_URL: simulator.url, SIMULATOR_SMTP: simulator.smtpUrl, EDI_DIR: simulator.ediDir };
  const estateFile = join(folder, 'estate.yaml');
  const estate = writeEstate(estateFile, addresses);
  const secrets = secretsOf(estate);
  const place: Place = { ...options, folder, natsUrl: nats.url, estateFile, addresses, secrets };
  const ports = [await freePort(), await freePort()] as const;
  const engines = [engineService(place, 'engine-a', ports[0]), engineService(place, 'engine-b', ports[1])] as const;
  const consolePort = options.withConsole === true ? await freePort() : undefined;
  const ingest = consolePort === undefined ? ingestService(place) : consoleService(place, consolePort);
  const balancer: Balancer = await startBalancer(() =>
    ports.filter((_, index) => engines[index]?.running === true && !engines[index].paused),
  );
  simulator.intake.setUrl(balancer.url);
  for (const service of [...engines, ingest]) service.start();
  const listening = consolePort === undefined ? engines : [...engines, ingest];
  await Promise.all(listening.map((service) => service.untilListening()));
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
    consoleUrl: consolePort === undefined ? undefined : `http://127.0.0.1:${consolePort}`,
    clickhousePath: clickhousePath(place),
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
