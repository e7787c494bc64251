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

const figures = `count() AS items, countIf(${waits}) AS waiting, countIf(${isStale}) AS stale,
      minOrNullIf(due_since, ${waits}) AS oldest_at`;

const cell = { items: z.number(), waiting: z.number(), stale: z.number(), oldest_at: optionalText };

/** Freshness by location and channel. Its sum is the freshness of all, so that a page asks once. */
export const freshnessByPlace = defineQuery({
  name: 'freshness_by_place',
  sql: `
    SELECT location, channel, ${figures} FROM inventory_items FINAL
    GROUP BY location, channel HAVING ${isPublished} ORDER BY location, channel`,
  params: z.object({ ...itemPairs, stale_before: instant }),
  row: z.object({ location: z.string(), channel: z.string(), ...cell }),
});
export type FreshnessCell = z.output<typeof freshnessByPlace.row>;

export const inventoryFreshness = defineQuery({
  name: 'inventory_freshness',
  sql: `
    SELECT sum(items) AS items, sum(waiting) AS waiting, sum(stale) AS stale, min(oldest_at) AS oldest_at
    FROM (SELECT location, channel, ${figures} FROM inventory_items FINAL GROUP BY location, channel)
    WHERE ${isPublished}`,
  params: z.object({ ...itemPairs, stale_before: instant }),
  row: z.object(cell),
});
