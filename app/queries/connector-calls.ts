import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

/**
 * Attempts at calls by system and step that ended in the minutes of [from, to), of every flow and backfill too: how many,
 * how many of them did what was asked, and how long they took, ms. A step is a call where its attempts are begun, which
 * steps that only wait for a system never are; availability is published outside of any transaction.
 */
export const connectorCalls = defineQuery({
  name: 'connector_calls',
  sql: `
    SELECT system, flow, step, sum(events) AS calls,
      sumIf(events, status IN ('completed', 'compensated')) AS succeeded,
      quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(duration) AS durations
    FROM step_minutes
    WHERE system != '' AND ({system:String} = '' OR system = {system:String})
      AND status IN ('completed', 'compensated', 'degraded', 'retrying', 'failed', 'quarantined')
      AND minute >= toStartOfMinute(${instantParam('from')}) AND minute < ${instantParam('to')}
      AND (step = 'publish_availability' OR (flow, step, system) IN (
        SELECT flow, step, system FROM step_minutes
        WHERE status = 'started' AND minute >= toStartOfMinute(${instantParam('from')}) - INTERVAL 1 DAY
          AND minute < ${instantParam('to')}))
    GROUP BY GROUPING SETS ((system), (system, flow, step))
    ORDER BY system, flow, step`,
  params: z.object({ system: z.string(), from: instant, to: instant }),
  row: z.object({
    system: z.string(),
    /** Empty, as the step is: all steps of the system together. */
    flow: z.string(),
    step: z.string(),
    calls: z.number(),
    succeeded: z.number(),
    durations: z.array(z.number().nullable()),
  }),
});
