import { z } from 'zod';
import { stockChange } from '#contracts/v1/catalogue.ts';
import { instant, quantity, sku, slug } from '#contracts/v1/primitives.ts';

const orderKey = z.string().min(1).max(300);
export const stockLine = z.object({ sku, quantity: quantity.min(1) });
export type StockLine = z.infer<typeof stockLine>;

/** What came of one item offered to one channel. */
export const publication = z.object({
  sku,
  location: slug,
  /** Version of the item whose quantity was sent. */
  version: z.int().nonnegative(),
  quantity,
  sent_at: instant,
  confirmed_at: instant,
  /** Set where the channel refused this item; it is offered again when it next changes. */
  error: z.object({ code: z.string().max(200), message: z.string().max(1000) }).optional(),
});
export type Publication = z.infer<typeof publication>;

/** Requests on `cmd.stock.<partition>`, answered by the partition's one writer after its journal has them. */
export const stockCommand = z.discriminatedUnion('type', [
  /** Sets what the order holds at the location; all lines or none. Repeating it changes nothing. */
  z.object({
    type: z.literal('reserve'),
    order_key: orderKey,
    location: slug,
    lines: z.array(stockLine).min(1).max(1000),
  }),
  /**
   * `location`: only what is held there; another attempt of the same order may have reserved elsewhere meanwhile.
   * `final`: nothing is reserved for this order any more, whoever still asks for it.
   */
  z.object({
    type: z.literal('release'),
    order_key: orderKey,
    location: slug.optional(),
    final: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('commit_shipment'),
    order_key: orderKey,
    shipment_id: z.string().min(1).max(128),
    location: slug,
    lines: z.array(stockLine).min(1).max(1000),
  }),
  z.object({
    type: z.literal('change'),
    change: stockChange,
    origin: z.enum(['live', 'backfill', 'simulated']).default('live'),
  }),
  /** A count of before there was a journal: refused where the item has moved, unless `over`. `dry_run` only decides. */
  z.object({
    type: z.literal('open'),
    change: stockChange,
    over: z.boolean().default(false),
    dry_run: z.boolean().default(false),
  }),
  /** With `offset` instead of `skus`: the items of the partition, page by page. */
  z.object({
    type: z.literal('read'),
    skus: z.array(sku).max(500).default([]),
    offset: z.int().nonnegative().optional(),
    order_key: orderKey.optional(),
  }),
  /** Which orders still hold something of these items; with `after`, those after the last one of the answer before. */
  z.object({ type: z.literal('holders'), skus: z.array(sku).min(1).max(500), after: orderKey.optional() }),
  z.object({ type: z.literal('published'), channel: slug, items: z.array(publication).min(1).max(500) }),
  /** A channel shows another quantity than the `confirmed` one that was known when it was asked. */
  z.object({
    type: z.literal('drifted'),
    drift_id: z.string().min(1).max(128),
    channel: slug,
    sku,
    location: slug,
    confirmed: quantity,
    shown: z.int(),
  }),
]);
export type StockCommand = z.infer<typeof stockCommand>;
export type StockCommandInput = z.input<typeof stockCommand>;

/** One item as the writer holds it. */
export const stockPosition = z.object({
  sku,
  location: slug,
  on_hand: z.int(),
  reserved: quantity,
  in_transit: quantity,
  version: z.int().nonnegative(),
  as_of: instant,
  /** Channels that have not confirmed it as it stands. */
  behind: z.array(slug).optional(),
  /** What each push channel confirmed, -1 after a refusal, and when it was sent there; absent in pages. */
  confirmed: z.record(slug, z.object({ quantity: z.int(), sent_at: instant.optional() })).optional(),
});
export type StockPosition = z.infer<typeof stockPosition>;

export const shortage = z.object({ sku, location: slug, wanted: z.int(), available: z.int() });
export type Shortage = z.infer<typeof shortage>;

export const stockReply = z.discriminatedUnion('type', [
  /** `short`: available to promise was less than wanted; `elsewhere`: the order holds stock at another location. */
  z.object({
    type: z.literal('reserve'),
    ok: z.boolean(),
    location: slug,
    short: z.array(shortage),
    elsewhere: slug.optional(),
  }),
  z.object({ type: z.literal('release'), released: z.boolean() }),
  /** `negative`: items whose on hand fell below zero. */
  z.object({ type: z.literal('commit_shipment'), repeated: z.boolean(), negative: z.array(stockPosition) }),
  z.object({
    type: z.literal('change'),
    outcome: z.enum(['applied', 'superseded', 'repeated']),
    position: stockPosition,
  }),
  z.object({ type: z.literal('open'), outcome: z.enum(['opened', 'known', 'moved', 'newer']) }),
  z.object({
    type: z.literal('read'),
    positions: z.array(stockPosition),
    /** Where the next page starts; absent on the last. */
    next: z.int().optional(),
    reservation: z.object({ location: slug, open: z.array(stockLine), shipments: z.array(z.string()) }).optional(),
  }),
  /** `more`: there are more of them. */
  z.object({ type: z.literal('holders'), order_keys: z.array(z.string()), more: z.boolean() }),
  z.object({ type: z.literal('published') }),
  /**
   * `outdated`: the channel was told, or is about to be told, something else since it was asked. `contested`: this very
   * quantity was published over a greater one already; once more would only be changed back.
   */
  z.object({ type: z.literal('drifted'), outcome: z.enum(['due', 'outdated', 'contested']) }),
  z.object({ type: z.literal('refused'), message: z.string() }),
]);
export type StockReply = z.infer<typeof stockReply>;
export type StockReplyTo<T extends StockCommand['type']> = Extract<StockReply, { type: T }>;
