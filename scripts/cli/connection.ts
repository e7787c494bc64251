import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Command } from 'commander';
import type { Actor } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { loadEstate } from '#platform/estate.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { readRuntime, type Runtime } from '../start/runtime.ts';
import { readSecrets, type Secrets } from '../start/secrets.ts';
import { CliError, exitCodes } from './cli-error.ts';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const defaultDataDir = join(root, 'data');

/** Which Syncline a command speaks to. */
export interface Target {
  dataDir: string;
  /** Present where one runs on this machine. */
  runtime: Runtime | undefined;
  secrets: Secrets | undefined;
  natsUrl: string | undefined;
}

export function targetOf(command: Command): Target {
  const options = command.optsWithGlobals<{ dataDir: string; nats?: string }>();
  const dataDir = resolve(options.dataDir);
  const runtime = readRuntime(dataDir);
  return { dataDir, runtime, secrets: readSecrets(dataDir), natsUrl: options.nats ?? runtime?.nats };
}

/** Connects for the time of one command. @throws CliError where nothing answers. */
export async function withNats<T>(command: Command, work: (nats: NatsConnection) => Promise<T>): Promise<T> {
  const target = targetOf(command);
  if (target.natsUrl === undefined)
    throw new CliError(
      `No Syncline runs on ${target.dataDir}. Start one with "npm start", or name its NATS with --nats or NATS_URL.`,
      exitCodes.unreachable,
    );
  const user = process.env['NATS_USER'] ?? target.secrets?.nats.user;
  const password = process.env['NATS_PASSWORD'] ?? target.secrets?.nats.password;
  let nats: NatsConnection;
  try {
    nats = await connectNats({
      url: target.natsUrl,
      name: 'syncline command line',
      log: silentLog,
      timeoutMs: 5_000,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`NATS at ${target.natsUrl} does not answer: ${why}.`, exitCodes.unreachable);
  }
  try {
    return await work(nats);
  } finally {
    await nats.close();
  }
}

export const estateFileOf = ({ runtime }: Target): string =>
  runtime?.estate_file ?? process.env['ESTATE_FILE'] ?? join(root, 'config/estate.yaml');

/** The estate of the running Syncline. @throws EstateError */
export async function estateOf(target: Target): Promise<Estate> {
  const addresses = target.runtime
    ? { SIMULATOR_URL: target.runtime.simulator, SIMULATOR_SMTP: target.runtime.smtp }
    : {};
  return loadEstate(estateFileOf(target), { ...process.env, ...addresses });
}

/** Who holds the credentials of NATS may do everything; the engine records who it was. */
export function cliActor(): Actor {
  return { id: `cli:${userInfo().username}`, roles: ['administrator'] };
}
