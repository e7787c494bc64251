import { z } from 'zod';
import { offering } from './journal.ts';

/** Change ids and finished orders kept per partition to recognise repeats; older ones are forgotten first. */
export const REPEATS_KEPT = 50_000;

const origin = z.enum(['live', 'backfill', 'simulated']);

/** What a push channel has confirmed. */
const confirmation = z.object({
  version: z.int(),
  quantity: z.int(),
  /** When that quantity was sent. */
  sent_at: z.string().optional(),
  /** The drift that this quantity was published over; forgotten once another quantity is confirmed. */
  drift: z.object({ id: z.string(), quantity: z.int(), shown: z.int() }).optional(),
});
export type Confirmation = z.infer<typeof confirmation>;

/** Publication cycle of an item: from the first unpublished change until all its channels have confirmed. */
const cycle = z.object({
  /** Journal position that opened it, and the item's version before. */
  n: z.int(),
  base_version: z.int(),
  /** Outcomes so far; the next one's ordinal is one more. */
  events: z.int(),
  occurred_at: z.string(),
  origin,
});
export type Cycle = z.infer<typeof cycle>;

const item = z.object({
  sku: z.string(),
  location: z.string(),
  on_hand: z.int(),
  reserved: z.int(),
  in_transit: z.int(),
  /** Grows by one with each fact that touches the item. */
  version: z.int(),
  as_of: z.string(),
  /** Newest version heard of each source, and of its counts. */
  sources: z.record(z.string(), z.object({ newest: z.int(), count: z.int() })),
  channels: z.record(z.string(), confirmation),
  /** When the changes happened that some channel has not confirmed yet, oldest first. */
  pending: z.array(z.object({ version: z.int(), occurred_at: z.string() })),
  cycle: cycle.optional(),
});
export type Item = z.infer<typeof item>;

const orderRecord = z.object({
  location: z.string(),
  /** `wanted` is what the order asked for, `open` what of it is still reserved. */
  lines: z.array(z.object({ sku: z.string(), wanted: z.int(), open: z.int(), shipped: z.int() })),
  shipments: z.array(z.string()),
  /** Cancelled: a reservation that was asked for before and comes only now must not be made. */
  closed: z.boolean().optional(),
});
export type OrderRecord = z.infer<typeof orderRecord>;

/** The state of one partition as a document, for the snapshot. Order of entries is part of it: oldest first. */
export const stockStateDocument = z.object({
  v: z.literal(1),
  n: z.int().nonnegative(),
  offering,
  items: z.array(item),
  open_orders: z.array(z.tuple([z.string(), orderRecord])),
  finished_orders: z.array(z.tuple([z.string(), orderRecord])),
  change_ids: z.array(z.string()),
});
export type StockStateDocument = z.infer<typeof stockStateDocument>;

/** Everything one partition's writer knows. Changed by `apply` alone. */
export interface StockState {
  /** Journal entries applied. */
  n: number;
  offering: z.infer<typeof offering>;
  items: Map<string, Item>;
  itemsBySku: Map<string, Item[]>;
  openOrders: Map<string, OrderRecord>;
  finishedOrders: Map<string, OrderRecord>;
  changeIds: Set<string>;
}

/** Sources number their changes independently of one another. */
export const changeKey = (change: { source: string; change_id: string }): string =>
  `${change.source} ${change.change_id}`;

export const itemKey = (sku: string, location: string): string => `${sku}@${location}`;

export function emptyState(): StockState {
  return {
    n: 0,
    offering: {},
    items: new Map(),
    itemsBySku: new Map(),
    openOrders: new Map(),
    finishedOrders: new Map(),
    changeIds: new Set(),
  };
}

/** The item, made with nothing on hand where it is new. */
export function itemOf(state: StockState, sku: string, location: string): Item {
  const key = itemKey(sku, location);
  const known = state.items.get(key);
  if (known) return known;
  const made: Item = {
    sku,
    location,
    on_hand: 0,
    reserved: 0,
    in_transit: 0,
    version: 0,
    as_of: '1970-01-01T00:00:00.000Z',
    sources: {},
    channels: {},
    pending: [],
  };
  state.items.set(key, made);
  const ofSku = state.itemsBySku.get(sku);
  if (ofSku) ofSku.push(made);
  else state.itemsBySku.set(sku, [made]);
  return made;
}

export function toDocument(state: StockState): StockStateDocument {
  return {
    v: 1,
    n: state.n,
    offering: state.offering,
    items: [...state.items.values()],
    open_orders: [...state.openOrders],
    finished_orders: [...state.finishedOrders],
    change_ids: [...state.changeIds],
  };
}

/** @throws ZodError where the document is not a state of version 1. */
export function fromDocument(document: unknown): StockState {
  const parsed = stockStateDocument.parse(document);
  const state = emptyState();
  state.n = parsed.n;
  state.offering = parsed.offering;
  for (const entry of parsed.items) Object.assign(itemOf(state, entry.sku, entry.location), entry);
  state.openOrders = new Map(parsed.open_orders);
  state.finishedOrders = new Map(parsed.finished_orders);
  state.changeIds = new Set(parsed.change_ids);
  return state;
}
