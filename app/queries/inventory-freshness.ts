import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam, optionalText } from './columns.ts';

const pairs = {
  /** Which location is published to which channel: parallel lists. */
  locations: z.array(z.string()),
  channels: z.array(z.string()),
};

/**
 * Items are SKU, location and channel. One whose newest change the channel must be told, and has not confirmed, waits; it
 * is stale once it has waited longer than the target.
 */
const items = `
  SELECT sku, location, pair.2 AS channel, i.changed_at AS changed_at, i.sellable AS sellable,
    has(i.behind, pair.2) AND i.version > coalesce(p.version, 0) AS waits, p.quantity AS published, p.confirmed_at AS confirmed_at
  FROM (
    SELECT sku, location, version, changed_at, sellable, behind,
      arrayJoin(arrayFilter(one -> one.1 = location, arrayZip({locations:Array(String)}, {channels:Array(String)}))) AS pair
    FROM inventory_positions) AS i
  LEFT JOIN (
    SELECT sku, location, channel, toNullable(version) AS version, toNullable(quantity) AS quantity, toNullable(confirmed_at) AS confirmed_at
    FROM publications) AS p
  ON i.sku = p.sku AND i.location = p.location AND i.pair.2 = p.channel`;

const isStale = `waits AND changed_at < ${instantParam('stale_before')}`;

export const inventoryFreshness = defineQuery({
  name: 'inventory_freshness',
  sql: `
    SELECT count() AS items, countIf(waits) AS waiting, countIf(${isStale}) AS stale, minOrNullIf(changed_at, waits) AS oldest_at
    FROM (${items})`,
  params: z.object({ ...pairs, stale_before: instant }),
  row: z.object({ items: z.number(), waiting: z.number(), stale: z.number(), oldest_at: optionalText }),
});

/** The stale items themselves, longest waiting first. */
export const staleItems = defineQuery({
  name: 'stale_items',
  sql: `
    SELECT sku, location, channel, changed_at, sellable, published, confirmed_at FROM (${items})
    WHERE ${isStale}
    ORDER BY changed_at, sku, location, channel
    LIMIT {limit:UInt32}`,
  params: z.object({ ...pairs, stale_before: instant, limit: z.int().positive() }),
  row: z.object({
    sku: z.string(),
    location: z.string(),
    channel: z.string(),
    changed_at: z.string(),
    sellable: z.number(),
    published: z.number().nullable(),
    confirmed_at: optionalText,
  }),
});

/** Inventory publication latency per bucket: channel confirmed − oldest coalesced change. */
export const publicationLatencyOverTime = defineQuery({
  name: 'publication_latency_over_time',
  sql: `
    SELECT toStartOfInterval(at, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at, count() AS publications,
      quantileExact(0.95)(latency_ms) AS p95
    FROM completions
    WHERE flow = 'inventory_sync' AND step = 'publish_availability' AND origin != 'backfill'
      AND at >= ${instantParam('from')} AND at < ${instantParam('to')}
    GROUP BY bucket_at ORDER BY bucket_at`,
  params: z.object({ from: instant, to: instant, bucket: z.int().positive() }),
  row: z.object({ bucket_at: z.string(), publications: z.number(), p95: z.number() }),
});
