import { join } from 'node:path';
import type { Bundle } from './bundle.ts';
import { Service } from './service.ts';

/** Where the services of one world find everything. */
export interface Place {
  bundle: Bundle;
  /** The environment of the children, beside what is set here. */
  environment: NodeJS.ProcessEnv;
  engineEnv?: Readonly<Record<string, string>>;
  ingestEnv?: Readonly<Record<string, string>>;
  leaseMs: number;
  ackWaitMs: number;
  folder: string;
  natsUrl: string;
  estateFile: string;
  /** Of the simulated systems, by which the estate file names them. */
  addresses: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
}

export const clickhousePath = ({ folder }: Place): string => join(folder, 'clickhouse');

/** One replica of the engine, with its intake on `port`. */
export function engineService(place: Place, name: string, port: number): Service {
  return new Service({
    name,
    script: place.bundle.engine,
    port,
    logFile: join(place.folder, `${name}.log`),
    env: {
      ...place.environment,
      ...place.addresses,
      ...place.secrets,
      NATS_URL: place.natsUrl,
      ESTATE_FILE: place.estateFile,
      PORT: String(port),
      OPS_PORT: '0',
      LEASE_MS: String(place.leaseMs),
      ACK_WAIT_MS: String(place.ackWaitMs),
      LOG_LEVEL: 'warn',
      ...place.engineEnv,
    },
  });
}

/** Ingest as a service of its own. */
export function ingestService(place: Place): Service {
  return new Service({
    name: 'ingest',
    script: place.bundle.ingest,
    logFile: join(place.folder, 'ingest.log'),
    env: {
      ...landingEnvironment(place),
      INGEST_BLOCK_MS: '300',
      LEASE_MS: String(place.leaseMs),
      ...place.ingestEnv,
    },
  });
}

/** Console and ingest in one process, as on one machine. */
export function consoleService(place: Place, port: number): Service {
  return new Service({
    name: 'console and ingest',
    script: place.bundle.console,
    port,
    logFile: join(place.folder, 'console.log'),
    env: {
      ...landingEnvironment(place),
      ...place.addresses,
      NODE_ENV: 'production',
      ESTATE_FILE: place.estateFile,
      PORT: String(port),
    },
  });
}

const landingEnvironment = (place: Place) => ({
  ...place.environment,
  // The embedded ClickHouse runs its queries on libuv's pool, one thread a connection.
  UV_THREADPOOL_SIZE: '16',
  NATS_URL: place.natsUrl,
  CLICKHOUSE_PATH: clickhousePath(place),
  OPS_PORT: '0',
  OTLP_PORT: '0',
  LOG_LEVEL: 'warn',
});
