import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

const confirmed = `flow = 'inventory_sync' AND step = 'publish_availability' AND origin != 'backfill'
      AND at >= ${instantParam('from')} AND at < ${instantParam('to')}`;
const bucketAt = `toStartOfInterval(at, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at`;
const window = { from: instant, to: instant };
const buckets = { ...window, bucket: z.int().positive() };

/** Inventory publication latency of the window, channel confirmed − oldest coalesced change: p50, p95, p99. */
export const publicationLatency = defineQuery({
  name: 'publication_latency',
  sql: `
    SELECT count() AS publications, quantilesExact(0.5, 0.95, 0.99)(latency_ms) AS latency
    FROM completions WHERE ${confirmed}`,
  params: z.object(window),
  row: z.object({ publications: z.number(), latency: z.array(z.number().nullable()) }),
});

export const publicationLatencyOverTime = defineQuery({
  name: 'publication_latency_over_time',
  sql: `
    SELECT ${bucketAt}, count() AS publications, quantileExact(0.95)(latency_ms) AS p95
    FROM completions WHERE ${confirmed}
    GROUP BY bucket_at ORDER BY bucket_at`,
  params: z.object(buckets),
  row: z.object({ bucket_at: z.string(), publications: z.number(), p95: z.number() }),
});

/** The same by location. */
export const publicationLatencyByPlace = defineQuery({
  name: 'publication_latency_by_place',
  sql: `
    SELECT location, ${bucketAt}, count() AS publications, quantileExact(0.95)(latency_ms) AS p95
    FROM completions WHERE ${confirmed}
    GROUP BY location, bucket_at ORDER BY location, bucket_at`,
  params: z.object(buckets),
  row: z.object({ location: z.string(), bucket_at: z.string(), publications: z.number(), p95: z.number() }),
});
export type PlaceLatency = z.output<typeof publicationLatencyByPlace.row>;
