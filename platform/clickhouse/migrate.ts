import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClickHouse, ClickHouseFailure } from './client.ts';

/** Why the schema cannot be brought up to date, for the person who starts the process. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export interface Migration {
  /** From the file's name: 0001_steps.sql is 1. */
  number: number;
  file: string;
  sql: string;
  /** SHA-256 of the file, before anything is substituted. */
  checksum: string;
}

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Reads the numbered files of a folder, in order. @throws MigrationError on a gap or a name out of pattern. */
export async function readMigrations(folder = migrationsFolder): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    files.map(async (file) => {
      const match = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file);
      if (match === null) throw new MigrationError(`Migration file ${file} is not named like 0001_what_it_does.sql.`);
      const sql = await readFile(join(folder, file), 'utf8');
      return { number: Number(match[1]), file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
  migrations.forEach((migration, i) => {
    if (migration.number !== i + 1) throw new MigrationError(`Migration ${i + 1} is missing; found ${migration.file}.`);
  });
  return migrations;
}

/** Replicated engines of one shard's replicas where a cluster is named, plain ones otherwise. */
export function substitute(sql: string, cluster: string | undefined): string {
  const onCluster = cluster === undefined ? '' : `ON CLUSTER '${cluster}'`;
  return sql
    .replaceAll('$ON_CLUSTER', onCluster)
    .replace(/\$ENGINE\((\w+)\)/g, (_, engine: string) => (cluster === undefined ? engine : `Replicated${engine}`));
}

/** The statements of a file: split at a semicolon that ends a line; comment lines are dropped. */
export function splitStatements(sql: string): string[] {
  return sql
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/**
 * Brings the database up to date: runs each file once, in order, and keeps its checksum. Safe to repeat, also after a
 * crash in the middle of a file.
 *
 * @throws MigrationError where a landed file was edited, or the database is newer than this program.
 */
export async function migrate(
  clickhouse: ClickHouse,
  options: { folder?: string; cluster?: string | undefined } = {},
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.folder);
  if (options.cluster !== undefined) {
    const [row] = await clickhouse.query('SELECT currentDatabase() AS name', { onWriter: true });
    await clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${String(row?.['name'])} ON CLUSTER '${options.cluster}'`);
  }
  await clickhouse.command(
    substitute(
      `CREATE TABLE IF NOT EXISTS migrations $ON_CLUSTER
       (number UInt32, file String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
       ENGINE = $ENGINE(MergeTree) ORDER BY number`,
      options.cluster,
    ),
  );
  const landed = new Map<number, unknown>();
  for (const row of await clickhouse.query('SELECT number, any(checksum) AS checksum FROM migrations GROUP BY number', {
    onWriter: true,
  }))
    landed.set(Number(row.number), row.checksum);
  const newest = Math.max(0, ...landed.keys());
  if (newest > migrations.length)
    throw new MigrationError(
      `The database is at migration ${newest}, this program knows ${migrations.length}: run a version at least as new.`,
    );
  const applied: string[] = [];
  for (const migration of migrations) {
    const checksum = landed.get(migration.number);
    if (checksum === migration.checksum) continue;
    if (checksum !== undefined)
      throw new MigrationError(
        `Migration ${migration.file} was edited after it had been applied. Restore it and put the change into a new file.`,
      );
    for (const statement of splitStatements(substitute(migration.sql, options.cluster)))
      await runOnce(clickhouse, migration.file, statement);
    await clickhouse.insertRaw(
      'migrations',
      Buffer.from(JSON.stringify({ number: migration.number, file: migration.file, checksum: migration.checksum })),
    );
    applied.push(migration.file);
  }
  return { applied };
}

const TABLE_ALREADY_EXISTS = 57;

async function runOnce(clickhouse: ClickHouse, file: string, statement: string): Promise<void> {
  try {
    await clickhouse.command(statement);
  } catch (error) {
    // Left by a run that died before it could note the file.
    if (error instanceof ClickHouseFailure && error.code === TABLE_ALREADY_EXISTS) return;
    throw new MigrationError(`Migration ${file} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
