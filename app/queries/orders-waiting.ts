import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam, optionalText } from './columns.ts';

/** Orders placed since `since` that are open and that the ERP has not confirmed: how many, the oldest, past deadline. */
export const ordersWaiting = defineQuery({
  name: 'orders_waiting',
  sql: `
    SELECT count() AS waiting, minOrNull(occurred_at) AS oldest_at, countIf(deadline < ${instantParam('now')}) AS late
    FROM transactions
    WHERE flow = 'order_to_cash' AND occurred_at >= ${instantParam('since')}
      AND origin != 'backfill' AND is_open AND isNull(erp_confirmed_at)`,
  params: z.object({ since: instant, now: instant }),
  row: z.object({ waiting: z.number(), oldest_at: optionalText, late: z.number() }),
});
