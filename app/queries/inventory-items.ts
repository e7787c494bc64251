import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { breakKind } from '#contracts/v1/reconciliation.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { optionalText } from './columns.ts';
import { isPublished, isStale, itemPairs, waits } from './inventory-freshness.ts';

/** Contested: told everything, and yet the latest comparison of stock found the channel showing another quantity. */
export const itemStates = ['stale', 'waiting', 'contested', 'fresh'] as const;
export type ItemState = (typeof itemStates)[number];

const isContested = `(sku, location, channel) IN (
  SELECT sku, location, channel FROM reconciliation_breaks WHERE kind = 'stock_channel' AND status = 'open')`;
const state = `multiIf(${isStale}, 'stale', ${waits}, 'waiting', ${isContested}, 'contested', 'fresh')`;

export const itemFilter = {
  ...itemPairs,
  stale_before: instant,
  /** Empty for all. */
  states: z.array(z.enum(itemStates)),
  /** One SKU; empty for all. */
  sku: z.string(),
  /** Beginning of a SKU, in lower case; empty for all. */
  text: z.string(),
};

/** Each state by itself: comparisons of stock are asked only where the state needs them. */
const stateIs: Record<ItemState, string> = {
  stale: isStale,
  waiting: `(${waits} AND NOT ${isStale})`,
  contested: `(NOT (${waits}) AND ${isContested})`,
  fresh: `(NOT (${waits}) AND NOT ${isContested})`,
};

function conditions({ states, sku, text }: z.output<z.ZodObject<typeof itemFilter>>): string {
  const asked: readonly (readonly [boolean, string])[] = [
    [true, isPublished],
    [states.length > 0, `(${states.map((one) => stateIs[one]).join(' OR ')})`],
    [sku !== '', 'sku = {sku:String}'],
    [text !== '', 'startsWith(lowerUTF8(sku), {text:String})'],
  ];
  return asked.flatMap(([is, condition]) => (is ? [condition] : [])).join(' AND ');
}

export const itemSorts = ['since', 'sku', 'location', 'channel', 'confirmed'] as const;
export type ItemSort = (typeof itemSorts)[number];

/** What waits stands before what does not; what waits longest first. */
const sortColumns: Record<ItemSort, (direction: string) => string> = {
  since: (direction) => `${waits} DESC, due_since ${direction}, sku, location, channel`,
  sku: (direction) => `sku ${direction}, location ${direction}, channel ${direction}`,
  location: (direction) => `location ${direction}, sku ${direction}, channel ${direction}`,
  channel: (direction) => `channel ${direction}, sku ${direction}, location ${direction}`,
  confirmed: (direction) => `confirmed_at ${direction}, sku ${direction}, location ${direction}, channel ${direction}`,
};

const row = z.object({
  sku: z.string(),
  location: z.string(),
  channel: z.string(),
  state: z.enum(itemStates),
  changed_at: z.string(),
  /** Empty where the channel was never told. */
  told_at: optionalText,
});
export type ItemRow = z.output<typeof row>;

/** Items, filtered, sorted and paged by ClickHouse. */
export function itemList(sort: ItemSort, descending: boolean) {
  const direction = descending ? 'DESC' : 'ASC';
  return defineQuery({
    name: `inventory_items:${sort}:${direction}`,
    sql: (filter) => `
      SELECT sku, location, channel, ${state} AS state, due_since AS changed_at,
        if(confirmed_version > 0, confirmed_at, NULL) AS told_at
      FROM inventory_items FINAL WHERE ${conditions(filter)}
      ORDER BY ${sortColumns[sort](direction)}
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    params: z.object({ ...itemFilter, limit: z.int().positive(), offset: z.int() }),
    row,
  });
}

/** How many the same filters leave. */
export const itemCount = defineQuery({
  name: 'inventory_item_count',
  sql: (filter) => `SELECT count() AS items FROM inventory_items FINAL WHERE ${conditions(filter)}`,
  params: z.object(itemFilter),
  row: z.object({ items: z.number() }),
});

/** SKUs and their locations, as parallel lists. */
const places = { skus: z.array(z.string()), at: z.array(z.string()) };
/** The list by itself reaches the sort key through the views; what a query inside another one finds does not. */
const ofPlaces = `sku IN ({skus:Array(String)}) AND (sku, location) IN (
      SELECT place.1, place.2 FROM (SELECT arrayJoin(arrayZip({skus:Array(String)}, {at:Array(String)})) AS place))`;

/** What is there of these SKUs at these locations. */
export const stockPositions = defineQuery({
  name: 'stock_positions',
  sql: `
    SELECT sku, location, on_hand, reserved, version, newest_change_at, reason
    FROM inventory_positions WHERE ${ofPlaces}`,
  params: z.object(places),
  row: z.object({
    sku: z.string(),
    location: z.string(),
    on_hand: z.number(),
    reserved: z.number(),
    version: z.number(),
    newest_change_at: z.string(),
    reason: z.string(),
  }),
});

/** What channels were told of them. */
export const toldQuantities = defineQuery({
  name: 'told_quantities',
  sql: `SELECT sku, location, channel, quantity, confirmed_at FROM publications WHERE ${ofPlaces}`,
  params: z.object(places),
  row: z.object({
    sku: z.string(),
    location: z.string(),
    channel: z.string(),
    quantity: z.number(),
    confirmed_at: z.string(),
  }),
});

/** What comparisons of stock found of them that is neither healed nor closed. */
export const stockDrifts = defineQuery({
  name: 'stock_drifts',
  sql: `
    SELECT break_id, kind, system, sku, location, channel, toInt64(difference) AS difference, last_seen_at
    FROM reconciliation_breaks WHERE domain = 'operational' AND status = 'open' AND ${ofPlaces}
    ORDER BY kind, system, channel`,
  params: z.object(places),
  row: z.object({
    break_id: z.string(),
    kind: breakKind,
    system: z.string(),
    sku: z.string(),
    location: z.string(),
    channel: z.string(),
    difference: z.number(),
    last_seen_at: z.string(),
  }),
});
export type StockDrift = z.output<typeof stockDrifts.row>;
