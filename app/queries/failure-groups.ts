import { z } from 'zod';
import { errorClass } from '#contracts/v1/step-event.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

/**
 * Groups of like failures with a case opened in [from, to), the newest group first, without muted ones. Backfill opens no
 * group, but its open cases count in one, as in the list behind it. Values by currency.
 */
export const failureGroups = defineQuery({
  name: 'failure_groups',
  sql: `
    SELECT fingerprint, count() AS cases, countIf(is_open) AS open, minIf(opened_at, origin != 'backfill') AS first_at, maxIf(opened_at, origin != 'backfill') AS last_at,
      any(step) AS step, any(system) AS system, any(error_class) AS error_class, argMax(error_message, opened_at) AS error_message,
      mapKeys(sums) AS currencies, arrayMap(value -> toString(value), mapValues(sums)) AS sums_text, sumMapIf(map(toString(currency), amount), is_open AND currency != '') AS sums
    FROM cases
    WHERE fingerprint NOT IN ({muted_causes:Array(String)}) AND fingerprint IN (
      SELECT fingerprint FROM case_rows
      WHERE opened_at >= ${instantParam('from')} AND opened_at < ${instantParam('to')} AND origin != 'backfill')
    GROUP BY fingerprint
    ORDER BY first_at DESC, fingerprint
    LIMIT {limit:UInt32}`,
  params: z.object({
    from: instant,
    to: instant,
    limit: z.int().positive(),
    muted_causes: z.array(z.string()).default([]),
  }),
  row: z.object({
    fingerprint: z.string(),
    cases: z.number(),
    open: z.number(),
    first_at: z.string(),
    last_at: z.string(),
    step: z.string(),
    system: z.string(),
    error_class: errorClass,
    error_message: z.string(),
    /** Order value of the open ones: parallel lists. */
    currencies: z.array(z.string()),
    sums_text: z.array(z.string()),
  }),
});

/** Cases opened per bucket of [from, to). */
export const casesOpenedOverTime = defineQuery({
  name: 'cases_opened_over_time',
  sql: `
    SELECT toStartOfInterval(at, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at, count() AS opened
    FROM case_events
    WHERE type = 'opened' AND origin != 'backfill' AND at >= ${instantParam('from')} AND at < ${instantParam('to')}
    GROUP BY bucket_at ORDER BY bucket_at`,
  params: z.object({ from: instant, to: instant, bucket: z.int().positive() }),
  row: z.object({ bucket_at: z.string(), opened: z.number() }),
});
