import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from './start-error.ts';

export interface StartOptions {
  demo: boolean;
  scenario: string;
  estateFile: string;
  /** First port of the block; see `portsFrom`. */
  port: number;
  dataDir: string;
  dev: boolean;
}

const DEFAULT_PORT = 4600;
/** The block ends at port + 20 and must stay below 65,536. */
const LAST_PORT = 65_535 - 20;

/** @throws StartError in one line for anything that is not understood. */
export function parseOptions(args: readonly string[], root: string): StartOptions {
  const values = readArguments(args);
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1024 || port > LAST_PORT)
    throw new StartError(`--port takes a whole number from 1024 to ${LAST_PORT}, not "${values.port}".`);
  if (values['no-demo'] && values.scenario !== undefined)
    throw new StartError('--scenario chooses the traffic of the simulated estate, which --no-demo leaves out.');
  return {
    demo: !values['no-demo'],
    scenario: values.scenario ?? 'normal',
    estateFile: values.estate === undefined ? resolve(root, 'config/estate.yaml') : resolve(values.estate),
    port,
    dataDir: values['data-dir'] === undefined ? resolve(root, 'data') : resolve(values['data-dir']),
    dev: values.dev ?? false,
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'no-demo': { type: 'boolean' },
        scenario: { type: 'string' },
        estate: { type: 'string' },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        dev: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const line = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? '') : String(error);
    throw new StartError(`${line}. See npm start -- --help.`);
  }
}

export interface Ports {
  console: number;
  intake: number;
  engineOps: number;
  ingestOps: number;
  otlp: number;
  simulator: number;
  smtp: number;
  nats: number;
}

/** Where everything listens, by distance from the first port. */
export function portsFrom(port: number): Ports {
  return {
    console: port,
    intake: port + 1,
    engineOps: port + 2,
    ingestOps: port + 3,
    otlp: port + 4,
    simulator: port + 10,
    smtp: port + 11,
    nats: port + 20,
  };
}
