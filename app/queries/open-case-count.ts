import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** How many cases wait for a person. */
export const openCaseCount = defineQuery({
  name: 'open_case_count',
  sql: 'SELECT count() AS open FROM cases WHERE is_open',
  params: z.object({}),
  row: z.object({ open: z.int() }),
});
