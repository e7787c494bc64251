import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';
import { latestCases, mergedOnce } from './case-filter.ts';
import { orderStuck } from './standing.ts';
import { stepTargetParams } from './step-target.ts';

/**
 * Orders placed since `since` that are stuck and have no open case, and their value by currency (parallel lists). Rows of one
 * order may not be merged yet: FINAL merges them first, so that what one of them says is not taken for how the order stands.
 */
export const stuckOrders = defineQuery({
  name: 'stuck_orders',
  sql: `
    SELECT count() AS stuck, mapKeys(sums) AS currencies, arrayMap(value -> toString(value), mapValues(sums)) AS amounts,
      sumMapIf(map(toString(worth.currency), worth.amount), worth.currency != '') AS sums
    FROM (
      SELECT occurred_at, key, last_at, tier, finalizeAggregation(standing).deadline AS deadline,
        finalizeAggregation(money) AS worth
      FROM transaction_states FINAL
      WHERE flow = 'order_to_cash' AND occurred_at >= ${instantParam('since')} AND closed = 0 AND origin != 'backfill')
    WHERE ${orderStuck} AND key NOT IN (SELECT key FROM ${latestCases} WHERE is_open AND flow = 'order_to_cash')
    ${mergedOnce}`,
  params: z.object({ since: instant, now: instant, ...stepTargetParams }),
  row: z.object({ stuck: z.number(), currencies: z.array(z.string()), amounts: z.array(z.string()) }),
});
export type StuckOrders = z.output<typeof stuckOrders.row>;
