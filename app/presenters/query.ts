import type { Viewer } from '#app/auth/viewer.ts';
import { queryColumns } from '#app/queries/query-columns.ts';
import type { AppContext } from '#app/server/context.ts';
import { exampleQueries } from '#app/sql/examples.ts';
import { atOnce, queryLimits } from '#app/sql/limits.ts';
import type { OfferedQuery, SavedQuery } from '#app/sql/saved-query.ts';
import { readTimeRange } from '#app/time-range.ts';
import { queryTables } from '#platform/clickhouse/query-tables.ts';

/** Whether somebody may delete a saved query: its owner, and an administrator. */
export const mayRemove = (viewer: Viewer, { owner }: Pick<SavedQuery, 'owner'>): boolean =>
  owner === viewer.id || viewer.roles.includes('administrator');

/** What one may ask, what is saved, and the query that the address names. */
export async function presentQuery(context: AppContext, viewer: Viewer, search: URLSearchParams) {
  const { analyst, queries, read, queryDatabase } = context;
  const [types, saved] = await Promise.all([
    read(queryColumns, { database: queryDatabase }),
    queries.offered(viewer.id),
  ]);
  const typeOf = new Map(types.map(({ table, name, type }) => [`${table}.${name}`, shortType(type)]));
  const offered = saved.map((query) => present(query, viewer));
  const chosen = offered.find(({ id }) => id === search.get('saved'));
  const given = search.get('q')?.slice(0, queryLimits.characters);
  return {
    tables: queryTables.map(({ name, about, columns }) => ({
      name,
      about,
      columns: Object.entries(columns).map(([column, what]) => ({
        name: column,
        type: typeOf.get(`${name}.${column}`) ?? '',
        about: what,
      })),
    })),
    saved: offered,
    examples: exampleQueries,
    chosen,
    /** A deep link to a query that is gone, or that its owner does not share. */
    missing: search.has('saved') && chosen === undefined,
    sql: chosen?.sql ?? given ?? exampleQueries[0]?.sql ?? '',
    rangeWords: readTimeRange(search, context.now()).words,
    stoppable: analyst.stoppable,
    atOnce: analyst.stoppable ? atOnce.server : atOnce.embedded,
    limits: queryLimits,
  };
}
export type QueryView = Awaited<ReturnType<typeof presentQuery>>;

const present = (query: SavedQuery, viewer: Viewer): OfferedQuery => ({
  id: query.id,
  name: query.name,
  sql: query.sql,
  shared: query.shared,
  mine: query.owner === viewer.id,
  ownerName: query.owner_name,
  savedAt: query.saved_at,
  mayRemove: mayRemove(viewer, query),
});

/** A type as an analyst thinks of it: without how it is stored. */
export function shortType(type: string): string {
  const inner = /^(?:LowCardinality|SimpleAggregateFunction)\((?:\w+, )?(.*)\)$/.exec(type)?.[1];
  return inner === undefined ? type : shortType(inner);
}
