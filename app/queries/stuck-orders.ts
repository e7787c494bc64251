import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';
import { latestCases, mergedOnce } from './case-filter.ts';
import { orderStuck, perhapsStuck, underWay } from './standing.ts';
import { stepTargetParams } from './step-target.ts';

/**
 * SQL: keys of orders under way, one of whose rows says that it may be past its deadline or stuck. No such order is
 * left out; whether one is, all of its rows tell.
 * @param placed condition on when they were placed, `occurred_at`
 */
export const perhapsStuckOrders = (placed: string): string => `
  SELECT key FROM (
    SELECT occurred_at, key, tier, last_at, stands.deadline AS deadline FROM order_standing
    WHERE ${placed} AND closed = 0 AND isNotNull(stands.deadline))
  WHERE ${perhapsStuck}`;

/** Orders placed since `since` that are stuck and have no open case, and their value by currency (parallel lists). */
export const stuckOrders = defineQuery({
  name: 'stuck_orders',
  sql: `
    SELECT count() AS stuck, mapKeys(sums) AS currencies, arrayMap(value -> toString(value), mapValues(sums)) AS amounts,
      sumMapIf(map(money.currency, money.amount), money.currency != '') AS sums
    FROM (
      SELECT min(o.occurred_at) AS occurred_at, o.key AS key, max(o.tier) AS tier, max(o.last_at) AS last_at,
        max(o.stands) AS latest, latest.deadline AS deadline, min(o.worth) AS money
      FROM order_standing AS o WHERE o.key IN (${perhapsStuckOrders(`occurred_at >= ${instantParam('since')}`)})
      GROUP BY key
      HAVING ${underWay})
    WHERE ${orderStuck} AND key NOT IN (SELECT key FROM ${latestCases} WHERE is_open AND flow = 'order_to_cash')
    ${mergedOnce}`,
  params: z.object({ since: instant, now: instant, ...stepTargetParams }),
  row: z.object({ stuck: z.number(), currencies: z.array(z.string()), amounts: z.array(z.string()) }),
});
export type StuckOrders = z.output<typeof stuckOrders.row>;
