import { join } from 'node:path';
import type { ProcessSpec } from './child.ts';
import { keyVariable } from './api-clients.ts';
import { erpMove } from './erp-move.ts';
import type { Ports, StartOptions } from './options.ts';
import { partnerSecret } from './partner.ts';
import type { Secrets } from './secrets.ts';
import { v8Flags } from './v8.ts';

export interface ServicePlan {
  root: string;
  options: StartOptions;
  ports: Ports;
  secrets: Secrets;
  natsServer: string;
  natsConfig: string;
}

export interface Services {
  nats: ProcessSpec;
  consoleAndIngest: ProcessSpec;
  engine: ProcessSpec;
  simulator: ProcessSpec;
}

function apiKeys(secrets: Secrets): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets.api_keys).map(([id, key]) => [keyVariable(id), key]));
}

export const local = (port: number): string => `http://127.0.0.1:${port}`;

/** The environment that every service shares: where NATS is, which estate it serves, the vendors' secrets. */
function sharedEnvironment(plan: ServicePlan): Record<string, string> {
  return {
    ...plan.secrets.vendors,
    ...simulatedAddresses(plan.ports),
    EDI_DIR: process.env['EDI_DIR'] ?? join(plan.options.dataDir, 'edi'),
    ...(plan.options.demo ? {} : { ESTATE_SIMULATED: 'false' }),
    NATS_URL: natsUrl(plan.ports),
    NATS_USER: plan.secrets.nats.user,
    NATS_PASSWORD: plan.secrets.nats.password,
    ESTATE_FILE: plan.options.estateFile,
    HOST: '127.0.0.1',
    ...(plan.options.demo ? erpMove(plan.options, new Date()) : {}),
  };
}

export const natsUrl = (ports: Ports): string => `nats://127.0.0.1:${ports.nats}`;

/** The variables by which config/estate.yaml finds the simulated vendors. */
export function simulatedAddresses(ports: Ports): { SIMULATOR_URL: string; SIMULATOR_SMTP: string } {
  return { SIMULATOR_URL: local(ports.simulator), SIMULATOR_SMTP: `smtp://127.0.0.1:${ports.smtp}` };
}

/** The processes of one machine's Syncline, ready to be supervised. */
export function servicesOf(plan: ServicePlan): Services {
  const { options, ports } = plan;
  const shared = sharedEnvironment(plan);
  const node = (name: string, log: string, file: string, env: Record<string, string>): ProcessSpec => ({
    name,
    command: process.execPath,
    args: nodeArguments(plan.root, join(plan.root, file), options.dev),
    cwd: plan.root,
    env: { ...process.env, NODE_ENV: options.dev ? 'development' : 'production', ...shared, ...env },
    logFile: join(options.dataDir, 'logs', `${log}.log`),
    channel: true,
    show: options.dev,
  });
  return {
    nats: {
      name: 'NATS',
      command: plan.natsServer,
      args: ['-c', plan.natsConfig],
      cwd: options.dataDir,
      env: process.env,
      logFile: join(options.dataDir, 'logs', 'nats.log'),
      channel: false,
      show: false,
    },
    consoleAndIngest: node('console and ingest', 'console', 'scripts/console-ingest.ts', {
      CLICKHOUSE_PATH: join(options.dataDir, 'clickhouse'),
      PORT: String(ports.console),
      OPS_PORT: String(ports.ingestOps),
      OTLP_PORT: String(ports.otlp),
      // The embedded ClickHouse runs its queries on libuv's pool, one thread a connection.
      UV_THREADPOOL_SIZE: '16',
    }),
    engine: node('sync engine', 'engine', 'sync-engine/main.ts', {
      PORT: String(ports.intake),
      OPS_PORT: String(ports.engineOps),
    }),
    simulator: node('simulated estate', 'simulator', 'simulator/main.ts', {
      PORT: String(ports.simulator),
      SMTP_PORT: String(ports.smtp),
      INTAKE_URL: local(ports.intake),
      SCENARIO: options.scenario,
      DATA_DIR: join(options.dataDir, 'simulator'),
      CONTROL_TOKEN: plan.secrets.simulator_token,
      SUBSCRIBER_SECRET: partnerSecret(plan.secrets),
      ...apiKeys(plan.secrets),
    }),
  };
}

/** Vite writes its configuration there, compiled, and deletes it again: no reason to restart. */
const viteTemporary = '**/.vite-temp/**';

function nodeArguments(root: string, file: string, dev: boolean): string[] {
  const follow = [...v8Flags, '--import', join(root, 'scripts/start/follow-supervisor.mjs')];
  return dev
    ? [
        ...follow,
        join(root, 'node_modules/tsx/dist/cli.mjs'),
        'watch',
        '--clear-screen=false',
        '--exclude',
        viteTemporary,
        file,
      ]
    : [...follow, '--import', 'tsx', file];
}
