import type { ClickHouse } from './client.ts';
import { substitute } from './migrate.ts';
import { type QueryTable, queryTables } from './query-tables.ts';

/** Where the views of Query live: a database of their own, so that a name in a query can mean nothing else. */
export const queryDatabase = ({ database }: Pick<ClickHouse, 'database'>): string => `${database}_query`;

/**
 * Brings the database of Query up to date with the tables it offers. They follow this program and hold no data, which is
 * why they are no migration. Safe to repeat.
 */
export async function makeQueryViews(clickhouse: ClickHouse, cluster?: string): Promise<void> {
  const into = queryDatabase(clickhouse);
  await clickhouse.command(substitute(`CREATE DATABASE IF NOT EXISTS ${into} $ON_CLUSTER`, cluster));
  for (const table of queryTables)
    await clickhouse.command(substitute(viewOf(table, into, clickhouse.database), cluster));
  await dropOthers(clickhouse, into, cluster);
}

/** What an earlier program offered and this one does not is offered no longer. */
async function dropOthers(clickhouse: ClickHouse, into: string, cluster?: string): Promise<void> {
  const offered = new Set(queryTables.map(({ name }) => name));
  const views = await clickhouse.query(
    `SELECT name FROM system.tables WHERE database = {database:String} AND engine = 'View'`,
    { params: { database: into } },
  );
  for (const name of views.map((view) => String(view['name'])))
    if (!offered.has(name))
      await clickhouse.command(substitute(`DROP VIEW IF EXISTS ${into}.\`${name}\` $ON_CLUSTER`, cluster));
}

function viewOf({ name, columns, where }: QueryTable, into: string, from: string): string {
  const select = `SELECT ${Object.keys(columns).join(', ')} FROM ${from}.${name}`;
  return `CREATE OR REPLACE VIEW ${into}.${name} $ON_CLUSTER AS ${select}${where === undefined ? '' : ` WHERE ${where}`}`;
}
