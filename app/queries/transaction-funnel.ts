import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';
import { conditionsOf, overWindow, type TransactionFilter, transactionFilter } from './transaction-filter.ts';

const picked = (columns: string, filter: TransactionFilter): string =>
  overWindow((transactions) => `SELECT ${columns} FROM ${transactions} WHERE ${conditionsOf(filter)}`);

/**
 * Each step that some of the transactions completed: by how many, by how many that are still open, and the median from
 * what a transaction completed before it (or from when it happened, before its first). Completions a day around the window
 * are read, as a transaction may have states beyond its edges.
 */
export const funnelSteps = defineQuery({
  name: 'funnel_steps',
  sql: (filter) => `
    SELECT step_done.1 AS step, count() AS completed, countIf(open) AS completed_open,
      quantileExact(0.5)(step_done.2) AS since_before_ms
    FROM (
      SELECT any(p.is_open) AS open,
        arraySort(groupArray((c.at, c.step))) AS in_order,
        arrayFilter((one, nth) -> nth = 1, in_order, arrayEnumerateUniq(in_order.2)) AS firsts,
        arrayMap(one -> toUnixTimestamp64Milli(one.1), firsts) AS moments,
        arrayPushFront(arrayPopBack(moments), toUnixTimestamp64Milli(any(p.happened))) AS moments_before,
        arrayJoin(arrayMap((one, moment, before) -> (one.2, greatest(0, moment - before)), firsts, moments, moments_before))
          AS step_done
      FROM completions AS c
      INNER JOIN (${picked('key, is_open, occurred_at AS happened', filter)}) AS p ON c.key = p.key
      WHERE c.flow = {flow:String}
        AND c.at >= ${instantParam('from')} - INTERVAL 1 DAY AND c.at <= (${picked('max(last_at)', filter)})
        AND c.occurred_at >= ${instantParam('from')} - INTERVAL 1 DAY
        AND c.occurred_at < ${instantParam('to')} + INTERVAL 1 DAY
      GROUP BY c.key)
    GROUP BY step`,
  params: z.object(transactionFilter),
  row: z.object({
    step: z.string(),
    completed: z.number(),
    completed_open: z.number(),
    since_before_ms: z.number(),
  }),
});

/** At which steps the transactions stand that somebody must see to; and how many there are, and are open, in all. */
export const funnelStops = defineQuery({
  name: 'funnel_stops',
  sql: (filter) =>
    `${picked(
      `step, count() AS transactions, countIf(is_open) AS open,
      countIf(is_open AND status IN ('failed', 'quarantined')) AS stopped`,
      filter,
    )} GROUP BY step`,
  params: z.object(transactionFilter),
  row: z.object({ step: z.string(), transactions: z.number(), open: z.number(), stopped: z.number() }),
});
