import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** Orders accepted at intake per bucket of event time; backfill is left out. */
export const ordersPerBucket = defineQuery({
  name: 'orders_per_bucket',
  sql: `
    SELECT toStartOfInterval(minute, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at, sum(events) AS orders
    FROM step_minutes
    WHERE flow = 'order_to_cash' AND step = 'intake_received' AND status = 'completed' AND origin != 'backfill'
      AND minute >= toDateTime(parseDateTime64BestEffort({from:String}, 3, 'UTC'), 'UTC')
      AND minute < toDateTime(parseDateTime64BestEffort({to:String}, 3, 'UTC'), 'UTC')
    GROUP BY bucket_at
    ORDER BY bucket_at`,
  params: z.object({ from: instant, to: instant, bucket: z.int().positive() }),
  row: z.object({ bucket_at: z.string(), orders: z.number() }),
});
