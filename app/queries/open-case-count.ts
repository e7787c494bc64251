import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { latestCases, mergedOnce } from './case-filter.ts';

/** How many cases wait for a person, without those of muted causes: the length of the inbox as it opens. */
export const openCaseCount = defineQuery({
  name: 'open_case_count',
  sql: ({ muted_causes }) => `
    SELECT count() AS open FROM ${latestCases}
    WHERE is_open ${muted_causes.length > 0 ? 'AND fingerprint NOT IN ({muted_causes:Array(String)})' : ''}
    ${mergedOnce}`,
  params: z.object({ muted_causes: z.array(z.string()) }),
  row: z.object({ open: z.int() }),
});
