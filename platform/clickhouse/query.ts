import { z } from 'zod';
import type { ClickHouse, QueryParams } from './client.ts';

export interface QueryDefinition<P extends z.ZodType<QueryParams>, R extends z.ZodType> {
  /** For logs and error messages. */
  name: string;
  /** SELECT with `{param:Type}` places. Times are passed as RFC 3339 text: parseDateTime64BestEffort({from:String}, 3, 'UTC'). */
  sql: string;
  params: P;
  row: R;
  /** Seconds; 10 where it is not said. */
  timeLimit?: number;
}

export type NamedQuery<P extends z.ZodType<QueryParams>, R extends z.ZodType> = ((
  clickhouse: ClickHouse,
  params: z.input<P>,
) => Promise<z.output<R>[]>) & { queryName: string };

/** A question to ClickHouse that lives with the shape of what it takes and of what it answers. */
export function defineQuery<P extends z.ZodType<QueryParams>, R extends z.ZodType>(
  definition: QueryDefinition<P, R>,
): NamedQuery<P, R> {
  const rows = z.array(definition.row);
  const run = async (clickhouse: ClickHouse, params: z.input<P>): Promise<z.output<R>[]> => {
    const answer = await clickhouse.query(definition.sql, {
      params: definition.params.parse(params),
      timeLimit: definition.timeLimit ?? 10,
    });
    const parsed = rows.safeParse(answer);
    if (!parsed.success)
      throw new Error(`The query ${definition.name} answered rows of another shape: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  return Object.assign(run, { queryName: definition.name });
}
