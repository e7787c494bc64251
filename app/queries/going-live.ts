import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { flow } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { lackingSystem, latestCases, mergedOnce } from './case-filter.ts';
import { instantParam, optionalText } from './columns.ts';

const sinceOf = `parseDateTime64BestEffort({since:Array(String)}[indexOf({systems:Array(String)}, system)], 3, 'UTC')`;

/** Calls that were passed over at each system since its instant, by what would have become of them; most first. */
export const passedOver = defineQuery({
  name: 'passed_over',
  sql: `
    SELECT system, outcome, stop_class, stop_code, any(stop_message) AS stop_message, uniqExact(key, ordinal) AS calls,
      uniqExact(key) AS transactions, max(at) AS latest_at, argMax(flow, at) AS latest_flow, argMax(key, at) AS latest_key
    FROM passed_over
    WHERE system IN ({systems:Array(String)}) AND at >= ${sinceOf}
    GROUP BY system, outcome, stop_class, stop_code
    ORDER BY system, calls DESC, stop_code`,
  /** Parallel lists. */
  params: z.object({ systems: z.array(z.string()), since: z.array(instant) }),
  row: z.object({
    system: z.string(),
    outcome: z.enum(['would_send', 'would_stop', 'unknown']),
    stop_class: z.string(),
    stop_code: z.string(),
    stop_message: z.string(),
    calls: z.number(),
    transactions: z.number(),
    latest_at: z.string(),
    latest_flow: flow,
    latest_key: z.string(),
  }),
});
export type PassedOverRow = z.output<typeof passedOver.row>;

/**
 * The minute in which each system last did what a step asked of it, and that in which something last came from it, since an
 * instant; empty where never. What somebody loaded as history proves nothing of a system.
 */
export const lastSeenWorking = defineQuery({
  name: 'last_seen_working',
  sql: `
    SELECT system, nullIf(maxIf(minute, called), toDateTime(0, 'UTC')) AS answered_at,
      nullIf(maxIf(minute, NOT called), toDateTime(0, 'UTC')) AS heard_at
    FROM (
      SELECT system, minute,
        step = 'publish_availability' OR (flow, step, system) IN (
          SELECT flow, step, system FROM step_minutes
          WHERE status = 'started' AND origin != 'backfill' AND minute >= ${instantParam('since')}) AS called
      FROM step_minutes
      WHERE system != '' AND status = 'completed' AND origin != 'backfill' AND minute >= ${instantParam('since')})
    GROUP BY system`,
  params: z.object({ since: instant }),
  row: z.object({ system: z.string(), answered_at: optionalText, heard_at: optionalText }),
});

/** Open cases for want of a mapping, by the system whose code it is. */
export const openMappingCases = defineQuery({
  name: 'open_mapping_cases',
  sql: `
    SELECT ${lackingSystem} AS lacking, count() AS cases FROM ${latestCases}
    WHERE is_open AND error_class = 'mapping' AND lacking != ''
    GROUP BY lacking
    ${mergedOnce}`,
  params: z.object({}),
  row: z.object({ lacking: z.string(), cases: z.number() }),
});

/** SKUs of which stock is kept, by location. */
export const itemsKept = defineQuery({
  name: 'items_kept',
  sql: `SELECT location, uniqExact(sku) AS items FROM stock_levels GROUP BY location`,
  params: z.object({}),
  row: z.object({ location: z.string(), items: z.number() }),
});
