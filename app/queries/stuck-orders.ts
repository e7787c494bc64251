import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';
import { latestCases } from './case-filter.ts';
import { orderStuck } from './standing.ts';
import { stepTargetParams } from './step-target.ts';

/**
 * Orders placed since `since` that are stuck and have no open case, and their value by currency (parallel lists). Rows of one order may not be merged yet, so that
 * what looks open and due by some of its rows is looked at whole.
 */
export const stuckOrders = defineQuery({
  name: 'stuck_orders',
  sql: `
    SELECT count() AS stuck, mapKeys(sums) AS currencies, arrayMap(value -> toString(value), mapValues(sums)) AS amounts,
      sumMapIf(map(toString(worth.currency), worth.amount), worth.currency != '') AS sums
    FROM (
      SELECT occurred_at, key, argMaxMerge(standing).deadline AS deadline, max(t.last_at) AS last_at, max(t.tier) AS tier,
        argMinMerge(money) AS worth
      FROM transaction_states AS t
      WHERE flow = 'order_to_cash' AND (occurred_at, key) IN (
        SELECT occurred_at, key FROM transaction_states
        WHERE flow = 'order_to_cash' AND occurred_at >= ${instantParam('since')} AND closed = 0
        GROUP BY occurred_at, key HAVING isNotNull(argMaxMerge(standing).deadline))
      GROUP BY occurred_at, key
      HAVING max(closed) = 0 AND max(origin) != 'backfill')
    WHERE ${orderStuck} AND key NOT IN (SELECT key FROM ${latestCases} WHERE is_open AND flow = 'order_to_cash')`,
  params: z.object({ since: instant, now: instant, ...stepTargetParams }),
  row: z.object({ stuck: z.number(), currencies: z.array(z.string()), amounts: z.array(z.string()) }),
});
export type StuckOrders = z.output<typeof stuckOrders.row>;
