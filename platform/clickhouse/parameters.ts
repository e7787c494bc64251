import { formatQueryParams } from '@clickhouse/client-common';
import type { QueryParams } from './client.ts';

/**
 * The statement behind a SET of its parameters, for a connection that keeps them: ClickHouse binds them by their types, as it
 * does where they come by themselves. chdb lets only one query with parameters of its own run in the whole process; what was set
 * belongs to the connection, so that questions on several connections are answered side by side.
 * @throws Error where a place of the statement has no parameter: the connection might still have one from the question before.
 */
export function withParameters(sql: string, params: QueryParams): string {
  for (const [, name = ''] of sql.matchAll(/\{(\w+):/g))
    if (!Object.hasOwn(params, name)) throw new Error(`The query has no parameter "${name}".`);
  const set = Object.entries(params).map(([name, value]) => {
    if (!/^\w+$/.test(name)) throw new Error(`"${name}" is not a name for a parameter.`);
    return `param_${name} = ${literal(formatQueryParams({ value }))}`;
  });
  return set.length === 0 ? sql : `SET ${set.join(', ')}; ${sql}`;
}

/** Text as a literal of SQL. Nothing but the backslash and the quote can end one. */
const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
