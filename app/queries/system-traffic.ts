import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

/**
 * What went over the link to each system in the minutes of [from, to): orders that came in by it, calls made to it, how
 * many of those failed, and how long they took. Ingestion lag for what came in, duration for calls; ms.
 */
export const systemTraffic = defineQuery({
  name: 'system_traffic',
  sql: `
    SELECT system, step = 'intake_received' AS inbound, sum(events) AS count,
      sumIf(events, status IN ('retrying', 'failed')) AS failures,
      quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(duration) AS durations,
      quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(latency) AS latencies
    FROM step_minutes
    WHERE flow IN ('order_to_cash', 'inventory_sync') AND system != '' AND origin != 'backfill'
      AND status IN ('completed', 'retrying', 'failed', 'degraded', 'compensated')
      AND step NOT IN ('stock_changed', 'shipment_confirmed', 'delivered', 'shipment_received', 'delivery_received',
        'cancellation_received', 'channel_update_received')
      AND minute >= toStartOfMinute(${instantParam('from')}) AND minute < ${instantParam('to')}
    GROUP BY system, inbound`,
  params: z.object({ from: instant, to: instant }),
  row: z.object({
    system: z.string(),
    inbound: z.union([z.boolean(), z.number()]).transform(Boolean),
    count: z.number(),
    failures: z.number(),
    durations: z.array(z.number().nullable()),
    latencies: z.array(z.number().nullable()),
  }),
});
