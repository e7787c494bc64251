import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam, optionalText } from './columns.ts';

export const itemPairs = {
  /** Which location is published to which channel: parallel lists. */
  locations: z.array(z.string()),
  channels: z.array(z.string()),
};

export const isPublished = `(location, channel) IN (
  SELECT pair.1, pair.2 FROM (SELECT arrayJoin(arrayZip({locations:Array(String)}, {channels:Array(String)})) AS pair))`;

/** The channel must be told of a change that it has not confirmed. */
export const waits = 'due_version > confirmed_version';
/** It has waited for it longer than the target. */
export const isStale = `(${waits} AND due_since < ${instantParam('stale_before')})`;

/**
 * Freshness by location and channel, without merging every item: items are told apart by a hash of their SKU, and only those
 * are merged of which some row says that they wait; what another row confirmed waits no longer.
 */
const byPlace = `
  SELECT location, channel, items, waiting, stale, if(waiting > 0, oldest, NULL) AS oldest_at
  FROM (SELECT location, channel, uniqExact(sipHash64(sku)) AS items FROM inventory_items GROUP BY location, channel) AS counted
  LEFT JOIN (
    SELECT location, channel, count() AS waiting, countIf(${isStale}) AS stale, min(due_since) AS oldest
    FROM (
      SELECT i.location AS location, i.channel AS channel, max(i.due_version) AS due_version,
        max(i.confirmed_version) AS confirmed_version, max(i.due_since) AS due_since
      FROM inventory_items AS i
      WHERE (i.location, i.channel, i.sku) IN (SELECT location, channel, sku FROM inventory_items WHERE ${waits})
      GROUP BY location, channel, i.sku
      HAVING ${waits})
    GROUP BY location, channel) AS behind USING (location, channel)`;

const cell = { items: z.number(), waiting: z.number(), stale: z.number(), oldest_at: optionalText };

/** Its sum is the freshness of all, so that a page asks once. */
export const freshnessByPlace = defineQuery({
  name: 'freshness_by_place',
  sql: `SELECT * FROM (${byPlace}) WHERE ${isPublished} ORDER BY location, channel`,
  params: z.object({ ...itemPairs, stale_before: instant }),
  row: z.object({ location: z.string(), channel: z.string(), ...cell }),
});
export type FreshnessCell = z.output<typeof freshnessByPlace.row>;

export const inventoryFreshness = defineQuery({
  name: 'inventory_freshness',
  sql: `
    SELECT sum(c.items) AS items, sum(c.waiting) AS waiting, sum(c.stale) AS stale, min(c.oldest_at) AS oldest_at
    FROM (${byPlace}) AS c WHERE ${isPublished}`,
  params: z.object({ ...itemPairs, stale_before: instant }),
  row: z.object(cell),
});
