import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

const accepted = `flow = 'order_to_cash' AND step = 'intake_received' AND origin != 'backfill'`;

/** Keys of the orders accepted in [from, to): those that the figure counts. */
export const acceptedKeys = `
    SELECT key FROM completions
    WHERE ${accepted} AND at >= ${instantParam('from')} AND at < ${instantParam('to')}`;

/** Orders accepted in [from, to) and in the period before it. */
export const orderIntake = defineQuery({
  name: 'order_intake',
  sql: `
    SELECT countIf(at >= ${instantParam('from')}) AS orders, countIf(at < ${instantParam('from')}) AS orders_before
    FROM completions
    WHERE ${accepted} AND at >= ${instantParam('before')} AND at < ${instantParam('to')}`,
  params: z.object({ before: instant, from: instant, to: instant }),
  row: z.object({ orders: z.number(), orders_before: z.number() }),
});

/** Orders accepted per bucket of [from, to). */
export const orderIntakeOverTime = defineQuery({
  name: 'order_intake_over_time',
  sql: `
    SELECT toStartOfInterval(at, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at, count() AS orders
    FROM completions
    WHERE ${accepted} AND at >= ${instantParam('from')} AND at < ${instantParam('to')}
    GROUP BY bucket_at ORDER BY bucket_at`,
  params: z.object({ from: instant, to: instant, bucket: z.int().positive() }),
  row: z.object({ bucket_at: z.string(), orders: z.number() }),
});
