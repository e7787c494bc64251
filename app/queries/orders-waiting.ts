import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam, optionalText } from './columns.ts';
import { pastDeadline } from './standing.ts';

const unconfirmed = 'isNull(min(erp_confirmed_at))';

/**
 * Rows of orders that are not known to be done. An order's rows may not be merged yet, so that the row which says that it is
 * done may be another one; but of an order that is under way none is left out.
 */
const perhapsWaiting = `
  SELECT occurred_at, key FROM transaction_states
  WHERE flow = 'order_to_cash' AND occurred_at >= ${instantParam('since')} AND closed = 0
  GROUP BY occurred_at, key HAVING ${unconfirmed}`;

/** Orders placed since `since` that are open and that the ERP has not confirmed: how many, the oldest, past deadline. */
export const ordersWaiting = defineQuery({
  name: 'orders_waiting',
  sql: `
    SELECT count() AS waiting, minOrNull(placed_at) AS oldest_at, countIf(${pastDeadline('due_at')}) AS late
    FROM (
      SELECT occurred_at AS placed_at, argMaxMerge(standing).deadline AS due_at
      FROM transaction_states
      WHERE flow = 'order_to_cash' AND (occurred_at, key) IN (${perhapsWaiting})
      GROUP BY occurred_at, key
      HAVING max(closed) = 0 AND max(origin) != 'backfill' AND ${unconfirmed})`,
  params: z.object({ since: instant, now: instant }),
  row: z.object({ waiting: z.number(), oldest_at: optionalText, late: z.number() }),
});
