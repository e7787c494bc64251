import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

/**
 * What an event of inventory_sync tells: stock changed, a late change left alone, a channel told, a channel that refused,
 * nothing to tell it, a publication that goes on in a new cycle.
 */
export const changeKinds = ['changed', 'superseded', 'published', 'refused', 'skipped', 'continued'] as const;
export type ChangeKind = (typeof changeKinds)[number];

const kind = `multiIf(step = 'stock_changed', if(status = 'superseded', 'superseded', 'changed'),
      status = 'superseded', 'continued', status = 'failed', 'refused', status = 'skipped', 'skipped', 'published')`;

const filter = {
  from: instant,
  to: instant,
  /** One SKU, all of it; empty for every SKU, without backfill. */
  sku: z.string(),
  kinds: z.array(z.enum(changeKinds)),
  locations: z.array(z.string()),
  channels: z.array(z.string()),
  /** Beginning of a SKU, in lower case; empty for all. */
  text: z.string(),
};
type Filter = z.output<z.ZodObject<typeof filter>>;

const within = `at >= ${instantParam('from')} AND at < ${instantParam('to')}`;

/** The history of one SKU lies together in its own table; that of all lies in the steps by time. */
const events = ({ sku }: Pick<Filter, 'sku'>): string =>
  sku === ''
    ? `(
      SELECT sku, at, location, key, ordinal, step, status, channel, occurred_at, error_code, error_message,
        toUInt64OrZero(attributes['version']) AS version, toInt64OrZero(attributes['on_hand']) AS on_hand,
        toInt64OrZero(attributes['reserved']) AS reserved, toInt64OrZero(attributes['in_transit']) AS in_transit,
        toInt64OrZero(attributes['sellable']) AS sellable, toInt64OrNull(attributes['quantity']) AS quantity,
        attributes['reason'] AS reason, attributes['caused_by'] AS caused_by,
        toUInt32OrZero(attributes['coalesced']) AS coalesced
      FROM steps WHERE flow = 'inventory_sync' AND sku != '' AND origin != 'backfill' AND ${within})`
    : 'stock_changes FINAL';

function conditions({ sku, kinds, locations, channels, text }: Filter): string {
  const asked: readonly (readonly [boolean, string])[] = [
    [true, within],
    [sku !== '', 'sku = {sku:String}'],
    [kinds.length > 0, `has({kinds:Array(String)}, ${kind})`],
    [locations.length > 0, 'has({locations:Array(String)}, location)'],
    [channels.length > 0, 'has({channels:Array(String)}, channel)'],
    [text !== '', 'startsWith(lowerUTF8(sku), {text:String})'],
  ];
  return asked.flatMap(([is, condition]) => (is ? [condition] : [])).join(' AND ');
}

/** Events of the window, the newest first. */
export const stockChanges = defineQuery({
  name: 'stock_changes',
  sql: (asked) => `
    SELECT sku, at, location, key, ordinal, ${kind} AS kind, channel, occurred_at, version, on_hand, reserved, in_transit,
      sellable, quantity, reason, caused_by, coalesced, error_code, error_message
    FROM ${events(asked)} WHERE ${conditions(asked)}
    ORDER BY at DESC, sku, location, key, ordinal DESC
    LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
  params: z.object({ ...filter, limit: z.int().positive(), offset: z.int() }),
  row: z.object({
    sku: z.string(),
    at: z.string(),
    location: z.string(),
    key: z.string(),
    ordinal: z.number(),
    kind: z.enum(changeKinds),
    channel: z.string(),
    occurred_at: z.string(),
    version: z.number(),
    on_hand: z.number(),
    reserved: z.number(),
    in_transit: z.number(),
    sellable: z.number(),
    quantity: z.number().nullable(),
    reason: z.string(),
    caused_by: z.string(),
    coalesced: z.number(),
    error_code: z.string(),
    error_message: z.string(),
  }),
});
export type StockChangeRow = z.output<typeof stockChanges.row>;

/** How many the same filters leave. */
export const stockChangeCount = defineQuery({
  name: 'stock_change_count',
  sql: (asked) => `SELECT count() AS changes FROM ${events(asked)} WHERE ${conditions(asked)}`,
  params: z.object(filter),
  row: z.object({ changes: z.number() }),
});

/** How a SKU stood at a moment at each location that knew it, by its newest version. */
export const skuPositions = defineQuery({
  name: 'sku_positions',
  sql: `
    SELECT location, max(version) AS newest, argMax(on_hand, (version, at)) AS on_hand,
      argMax(reserved, (version, at)) AS reserved, argMax(in_transit, (version, at)) AS in_transit, max(at) AS changed_at
    FROM stock_changes WHERE sku = {sku:String} AND step = 'stock_changed' AND status = 'completed' AND at < ${instantParam('until')}
    GROUP BY location ORDER BY location`,
  params: z.object({ sku: z.string(), until: instant }),
  row: z.object({
    location: z.string(),
    newest: z.number(),
    on_hand: z.number(),
    reserved: z.number(),
    in_transit: z.number(),
    changed_at: z.string(),
  }),
});
export type SkuPosition = z.output<typeof skuPositions.row>;

const changed = `step = 'stock_changed' AND status = 'completed'`;

/** A SKU over time: what each bucket ended with at each location, and what happened within it. */
export const stockOverTime = defineQuery({
  name: 'stock_over_time',
  sql: `
    SELECT location, toStartOfInterval(at, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at,
      argMaxIf(on_hand, (version, at), ${changed}) AS on_hand, countIf(${changed}) AS changes,
      countIf(step = 'publish_availability' AND status = 'completed') AS published,
      countIf(step = 'stock_changed' AND status = 'superseded') AS superseded
    FROM stock_changes FINAL
    WHERE sku = {sku:String} AND ${within}
    GROUP BY location, bucket_at ORDER BY location, bucket_at`,
  params: z.object({ from: instant, to: instant, sku: z.string(), bucket: z.int().positive() }),
  row: z.object({
    location: z.string(),
    bucket_at: z.string(),
    on_hand: z.number(),
    changes: z.number(),
    published: z.number(),
    superseded: z.number(),
  }),
});
export type StockBucket = z.output<typeof stockOverTime.row>;
