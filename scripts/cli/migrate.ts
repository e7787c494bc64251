import { join } from 'node:path';
import type { Command } from 'commander';
import { type ClickHouse, ClickHouseUnavailable, openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate, MigrationError } from '#platform/clickhouse/migrate.ts';
import { lockDataDir } from '../start/lock.ts';
import { checkDataDir } from '../start/preflight.ts';
import { CliError } from './cli-error.ts';
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

async function run(dataDir: string): Promise<{ applied: string[] }> {
  const env = process.env;
  const url = env['CLICKHOUSE_URL'];
  if (url)
    return migrated({
      url,
      ...(env['CLICKHOUSE_DATABASE'] ? { database: env['CLICKHOUSE_DATABASE'] } : {}),
      ...(env['CLICKHOUSE_USER'] ? { username: env['CLICKHOUSE_USER'] } : {}),
      ...(env['CLICKHOUSE_PASSWORD'] ? { password: env['CLICKHOUSE_PASSWORD'] } : {}),
    });
  checkDataDir(dataDir);
  const unlock = lockDataDir(dataDir, 'none, only migrating');
  try {
    return await migrated({ path: join(dataDir, 'clickhouse') });
  } finally {
    unlock();
  }
}

async function migrated(address: Parameters<typeof openClickHouse>[0]): Promise<{ applied: string[] }> {
  let clickhouse: ClickHouse | undefined;
  try {
    clickhouse = await openClickHouse(address);
    return await migrate(clickhouse, { cluster: process.env['CLICKHOUSE_CLUSTER'] || undefined });
  } catch (error) {
    if (error instanceof ClickHouseUnavailable || error instanceof MigrationError) throw new CliError(error.message);
    throw error;
  } finally {
    await clickhouse?.close();
  }
}
