import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** How many cases wait for a person, without those of muted causes: the length of the inbox as it opens. */
export const openCaseCount = defineQuery({
  name: 'open_case_count',
  sql: 'SELECT count() AS open FROM cases WHERE is_open AND fingerprint NOT IN ({muted_causes:Array(String)})',
  params: z.object({ muted_causes: z.array(z.string()) }),
  row: z.object({ open: z.int() }),
});
