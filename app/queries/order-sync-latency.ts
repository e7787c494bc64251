import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

const confirmed = `flow = 'order_to_cash' AND step = 'erp_create_sales_order' AND origin != 'backfill'`;
const quantiles = z.array(z.number().nullable());

/** Order sync latency of what was confirmed in [from, to): exact percentiles over orders, and how many met their tier's target. */
export const orderSyncLatency = defineQuery({
  name: 'order_sync_latency',
  sql: `
    SELECT
      countIf(at >= ${instantParam('from')}) AS orders,
      quantilesExactIf(0.5, 0.95, 0.99)(latency_ms, at >= ${instantParam('from')}) AS latency,
      quantilesExactIf(0.5, 0.95, 0.99)(latency_ms, at < ${instantParam('from')}) AS latency_before,
      countIf(at < ${instantParam('from')}) AS orders_before,
      countIf(at >= ${instantParam('from')} AND latency_ms <= transform(tier, {tiers:Array(String)}, {targets_ms:Array(Float64)}, {default_ms:Float64})) AS within
    FROM completions
    WHERE ${confirmed} AND at >= ${instantParam('before')} AND at < ${instantParam('to')}`,
  params: z.object({
    before: instant,
    from: instant,
    to: instant,
    /** Targets by tier, parallel lists, milliseconds. */
    tiers: z.array(z.string()),
    targets_ms: z.array(z.number()),
    default_ms: z.number(),
  }),
  row: z.object({
    orders: z.number(),
    latency: quantiles,
    latency_before: quantiles,
    orders_before: z.number(),
    within: z.number(),
  }),
});

/** The same percentiles per bucket. */
export const orderSyncLatencyOverTime = defineQuery({
  name: 'order_sync_latency_over_time',
  sql: `
    SELECT toStartOfInterval(at, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at, count() AS orders,
      quantilesExact(0.5, 0.95, 0.99)(latency_ms) AS latency
    FROM completions
    WHERE ${confirmed} AND at >= ${instantParam('from')} AND at < ${instantParam('to')}
    GROUP BY bucket_at ORDER BY bucket_at`,
  params: z.object({ from: instant, to: instant, bucket: z.int().positive() }),
  row: z.object({ bucket_at: z.string(), orders: z.number(), latency: quantiles }),
});
