import { z } from 'zod';
import type { ClickHouse, QueryParams } from './client.ts';

/** A question to ClickHouse that lives with the shape of what it takes and of what it answers. */
export interface Query<P extends z.ZodType, R extends z.ZodType> {
  /** For logs, error messages and sharing of answers. */
  name: string;
  /**
   * SELECT with `{param:Type}` places. A time is passed as RFC 3339 text and read by
   * `parseDateTime64BestEffort({from:String}, 3, 'UTC')`: DateTime64 places refuse the "Z".
   *
   * A function chooses, by the parameters, which of its fixed texts the statement is made of: what a question does not ask
   * is then not planned either. The values themselves never become text.
   */
  sql: string | ((params: z.output<P>) => string);
  params: P;
  row: R;
  /** Seconds; 10 where it is not said. */
  timeLimit?: number;
}

export function defineQuery<P extends z.ZodType<QueryParams>, R extends z.ZodType>(query: Query<P, R>): Query<P, R> {
  return query;
}

/** Runs it. @throws ClickHouseFailure, or an Error where a row does not have the shape the query promises. */
export async function runQuery<P extends z.ZodType, R extends z.ZodType>(
  clickhouse: ClickHouse,
  query: Query<P, R>,
  params: z.input<P>,
): Promise<z.output<R>[]> {
  const bound = query.params.parse(params);
  const rows = await clickhouse.query(typeof query.sql === 'string' ? query.sql : query.sql(bound), {
    // defineQuery has seen to it that the schema yields parameters.
    params: bound as QueryParams,
    timeLimit: query.timeLimit ?? 10,
  });
  const parsed = z.array(query.row).safeParse(rows);
  if (!parsed.success)
    throw new Error(`The query ${query.name} answered rows of another shape: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
