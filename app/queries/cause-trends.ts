import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { latestCases, mergedOnce } from './case-filter.ts';
import { instantParam, optionalText } from './columns.ts';

const now = instantParam('now');
const these = 'fingerprint IN ({fingerprints:Array(String)})';
const params = z.object({ fingerprints: z.array(z.string()), now: z.string() });

/**
 * How the cases of a cause came and went, whatever a list is filtered to. Reads the cases of the last day only; what went
 * before is known of each cause, though the first case of one may be seen a moment before its cause.
 */
export const causeTrends = defineQuery({
  name: 'cause_trends',
  sql: `
    SELECT fingerprint, min(t.first) AS first_at, sum(t.hour) AS last_hour, sum(t.day) AS day_before, max(t.cured) AS last_cured_at
    FROM (
      SELECT fingerprint, min(first_at) AS first, max(last_cured_at) AS cured, 0 AS hour, 0 AS day
      FROM cause_states WHERE ${these} GROUP BY fingerprint
      UNION ALL
      SELECT fingerprint, min(opened_at), NULL, countIf(opened_at >= ${now} - INTERVAL 1 HOUR), countIf(opened_at < ${now} - INTERVAL 1 HOUR)
      FROM ${latestCases} WHERE ${these} AND opened_at >= ${now} - INTERVAL 25 HOUR AND opened_at <= ${now} GROUP BY fingerprint) AS t
    GROUP BY fingerprint
    HAVING first_at <= ${now}
    ${mergedOnce}`,
  params,
  row: z.object({
    fingerprint: z.string(),
    first_at: z.string(),
    /** Cases opened in the last hour, and in the 24 hours before it. */
    last_hour: z.number(),
    day_before: z.number(),
    /** When a case of the cause was last resolved or done outside, whatever became of that case since. */
    last_cured_at: optionalText,
  }),
});
export type CauseTrendRow = z.infer<typeof causeTrends.row>;

/** When the oldest open case of each cause was opened; a cause without an open case is not there. */
export const causesOpenSince = defineQuery({
  name: 'causes_open_since',
  sql: `
    SELECT fingerprint, min(opened_at) AS open_since FROM ${latestCases}
    WHERE ${these} AND is_open AND opened_at <= ${now} GROUP BY fingerprint
    ${mergedOnce}`,
  params,
  row: z.object({ fingerprint: z.string(), open_since: z.string() }),
});
