import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

const milliseconds = (since: string): string => `greatest(0, dateDiff('millisecond', ${since}, at))`;

/**
 * What went over the link to each system within [from, to): orders that came in by it, calls made to it, how many of those
 * failed, and how long they took: ingestion lag of what came in, duration of calls, ms. From the steps themselves, whose
 * order is flow and time: percentiles are exact, and a day of them costs less than a day of kept quantile states.
 */
export const systemTraffic = defineQuery({
  name: 'system_traffic',
  sql: `
    SELECT system, step = 'intake_received' AS inbound, count() AS count, countIf(status IN ('retrying', 'failed', 'quarantined')) AS failures,
      quantilesExact(0.5, 0.95)(if(inbound, ${milliseconds('occurred_at')}, ${milliseconds('started_at')})) AS took
    FROM steps
    WHERE flow IN ('order_to_cash', 'inventory_sync') AND at >= ${instantParam('from')} AND at < ${instantParam('to')}
      AND system != '' AND origin != 'backfill'
      AND status IN ('completed', 'retrying', 'failed', 'quarantined', 'degraded', 'compensated')
      AND step NOT IN ('stock_changed', 'shipment_confirmed', 'delivered', 'shipment_received', 'delivery_received',
        'cancellation_received', 'channel_update_received')
    GROUP BY system, inbound`,
  params: z.object({ from: instant, to: instant }),
  row: z.object({
    system: z.string(),
    inbound: z.union([z.boolean(), z.number()]).transform(Boolean),
    count: z.number(),
    failures: z.number(),
    /** Median and 95th percentile. */
    took: z.tuple([z.number(), z.number()]),
  }),
});
export type SystemTraffic = z.output<typeof systemTraffic.row>;
