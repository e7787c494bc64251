import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam, optionalText } from './columns.ts';

const now = instantParam('now');

/** How the cases of a cause came and went, over all of them, whatever a list is filtered to. */
export const causeTrends = defineQuery({
  name: 'cause_trends',
  sql: `
    SELECT fingerprint, min(opened_at) AS first_at,
      countIf(opened_at >= ${now} - INTERVAL 1 HOUR) AS last_hour,
      countIf(opened_at >= ${now} - INTERVAL 25 HOUR AND opened_at < ${now} - INTERVAL 1 HOUR) AS day_before,
      minOrNull(if(is_open, opened_at, NULL)) AS open_since,
      maxOrNull(if(status IN ('resolved', 'done_outside'), closed_at, NULL)) AS last_cured_at
    FROM cases
    WHERE fingerprint IN ({fingerprints:Array(String)}) AND opened_at <= ${now}
    GROUP BY fingerprint`,
  params: z.object({ fingerprints: z.array(z.string()), now: z.string() }),
  row: z.object({
    fingerprint: z.string(),
    first_at: z.string(),
    /** Cases opened in the last hour, and in the 24 hours before it. */
    last_hour: z.number(),
    day_before: z.number(),
    /** When the oldest open case was opened; empty where none is open. */
    open_since: optionalText,
    /** When a case of the cause was last resolved or done outside. */
    last_cured_at: optionalText,
  }),
});
export type CauseTrendRow = z.infer<typeof causeTrends.row>;
