import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam, optionalText } from './columns.ts';
import { pastDeadline, underWay } from './standing.ts';

/** Orders under way, one of whose rows does not know that the ERP confirmed it; another one may. */
const perhapsWaiting = `
  SELECT key FROM order_standing
  WHERE occurred_at >= ${instantParam('since')} AND closed = 0 AND isNull(erp_confirmed_at)`;

/** Orders placed since `since` that are open and that the ERP has not confirmed: how many, the oldest, past deadline. */
export const ordersWaiting = defineQuery({
  name: 'orders_waiting',
  sql: `
    SELECT count() AS waiting, minOrNull(placed_at) AS oldest_at, countIf(${pastDeadline('due_at')}) AS late
    FROM (
      SELECT min(o.occurred_at) AS placed_at, max(o.stands) AS latest, latest.deadline AS due_at
      FROM order_standing AS o
      WHERE o.key IN (${perhapsWaiting})
      GROUP BY o.key
      HAVING ${underWay} AND isNull(min(o.erp_confirmed_at)))`,
  params: z.object({ since: instant, now: instant }),
  row: z.object({ waiting: z.number(), oldest_at: optionalText, late: z.number() }),
});
