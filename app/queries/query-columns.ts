import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** Columns of the tables that Query offers, with their types. */
export const queryColumns = defineQuery({
  name: 'query-columns',
  sql: `SELECT table, name, type FROM system.columns WHERE database = {database:String} ORDER BY table, position`,
  params: z.object({ database: z.string() }),
  row: z.object({ table: z.string(), name: z.string(), type: z.string() }),
});
