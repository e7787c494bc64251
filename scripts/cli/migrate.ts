import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  type ClickHouse,
  ClickHouseFailure,
  ClickHouseUnavailable,
  openClickHouse,
} from '#platform/clickhouse/client.ts';
import { migrate, MigrationError } from '#platform/clickhouse/migrate.ts';
import { makeQueryViews } from '#platform/clickhouse/query-views.ts';
import { readSettings } from '#platform/settings.ts';
import { lockDataDir } from '../start/lock.ts';
import { checkDataDir } from '../start/preflight.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { targetOf } from './connection.ts';
import { printJson } from './output.ts';

/** Brings ClickHouse's tables up to date: of the server CLICKHOUSE_URL names, otherwise of the embedded one. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the ClickHouse tables up to date (CLICKHOUSE_URL, or the embedded one of --data-dir)')
    .option('--json', 'print the applied files as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const { applied } = await run(targetOf(command).dataDir);
      if (options.json) printJson(applied);
      else console.log(applied.length === 0 ? 'Nothing to do.' : `Applied ${applied.join(', ')}.`);
    });
}

/** The same names and rules as ingest has (ingest/env.ts). */
const schema = z.object({
  CLICKHOUSE_URL: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://127.0.0.1:8123' })
    .optional(),
  CLICKHOUSE_DATABASE: z.string().regex(/^\w+$/, 'expected letters, digits and underscores').optional(),
  CLICKHOUSE_USER: z.string().optional(),
  CLICKHOUSE_PASSWORD: z.string().optional(),
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[\w-]+$/, 'expected a cluster name as in system.clusters')
    .optional(),
});

async function run(dataDir: string): Promise<{ applied: string[] }> {
  const read = readSettings('The migration', schema, process.env);
  if ('problem' in read) throw new CliError(read.problem, exitCodes.usage);
  const { env } = read;
  if (env.CLICKHOUSE_URL !== undefined)
    return migrated(
      {
        url: env.CLICKHOUSE_URL,
        ...(env.CLICKHOUSE_DATABASE === undefined ? {} : { database: env.CLICKHOUSE_DATABASE }),
        ...(env.CLICKHOUSE_USER === undefined ? {} : { username: env.CLICKHOUSE_USER }),
        ...(env.CLICKHOUSE_PASSWORD === undefined ? {} : { password: env.CLICKHOUSE_PASSWORD }),
      },
      env.CLICKHOUSE_CLUSTER,
    );
  if (env.CLICKHOUSE_CLUSTER !== undefined)
    throw new CliError('CLICKHOUSE_CLUSTER needs a server: set CLICKHOUSE_URL too, or unset it.', exitCodes.usage);
  checkDataDir(dataDir);
  const unlock = lockDataDir(dataDir, 'none, only migrating');
  try {
    return await migrated({ path: join(dataDir, 'clickhouse') }, undefined);
  } finally {
    unlock();
  }
}

async function migrated(
  address: Parameters<typeof openClickHouse>[0],
  cluster: string | undefined,
): Promise<{ applied: string[] }> {
  let clickhouse: ClickHouse | undefined;
  try {
    clickhouse = await openClickHouse(address);
    const done = await migrate(clickhouse, { cluster });
    await makeQueryViews(clickhouse, cluster);
    return done;
  } catch (error) {
    if (error instanceof ClickHouseUnavailable) throw new CliError(error.message, exitCodes.unreachable);
    if (error instanceof MigrationError) throw new CliError(error.message);
    if (error instanceof ClickHouseFailure) throw new CliError(`ClickHouse refused: ${error.message}`);
    throw error;
  } finally {
    await clickhouse?.close();
  }
}
