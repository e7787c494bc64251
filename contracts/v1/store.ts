import { z } from 'zod';
import { currencyCode, decimal, instant, quantity, sku, slug } from './primitives.ts';
import { returnCondition } from './returns.ts';

const amount = decimal.refine((text) => !text.startsWith('-'), { error: 'expected an amount of zero or more' });

/** How customers pay at a till. */
export const tender = z.enum(['cash', 'card', 'gift_card']);
export type Tender = z.infer<typeof tender>;

/** An order of another channel, by the channel's own id of it. */
const onlineOrder = z.object({ channel: slug, order: z.string().min(1).max(128) });

/** One receipt. Amounts of a return are what goes back to the customer, above zero as well. */
export const tillTransaction = z.object({
  id: z.string().min(1).max(64),
  kind: z.enum(['sale', 'return']),
  at: instant,
  lines: z
    .array(
      z.object({
        sku,
        quantity: quantity.min(1),
        /** Of the whole line, discounts taken off, tax not included. */
        net: amount,
        taxes: z
          .array(z.object({ code: z.string().min(1).max(64), amount }))
          .max(20)
          .default([]),
        /** Of a return of an online order: the order's line, where the SKU stands on it twice, why it came back and how it is. */
        line_id: z.string().min(1).max(64).optional(),
        reason_code: z.string().max(64).optional(),
        condition: returnCondition.optional(),
      }),
    )
    .min(1)
    .max(200),
  /** How it was paid. None with a return of an online order: its money goes back the way it came. */
  tenders: z.array(z.object({ tender, amount })).max(10),
  /** What comes back was ordered online. */
  online_order: onlineOrder.optional(),
});
export type TillTransaction = z.infer<typeof tillTransaction>;

/** What the store itself counted up over its whole day; returns are taken off. */
export const endOfDay = z.object({
  /** The day's first batch: the day is whole once every batch from it to this one is there. */
  first_sequence: z.int().positive(),
  takings: z.array(z.object({ tender, amount: decimal })).max(10),
  tax: decimal,
  /** What lay in the drawers, beyond the float. */
  counted_cash: amount,
});
export type EndOfDay = z.infer<typeof endOfDay>;

/** What a store's tills did since its last batch. A store keeps its batches and forwards them in order. */
export const storeBatch = z.object({
  schema_version: z.literal(1),
  /** The store's location in the estate. */
  store: slug,
  /** Counts the store's batches from 1, without gaps. */
  sequence: z.int().positive(),
  /** The store's own trading day. */
  business_date: z.iso.date(),
  generated_at: instant,
  currency: currencyCode,
  /** Batches that the store still keeps, this one not counted. */
  backlog: z.int().nonnegative().default(0),
  transactions: z.array(tillTransaction).max(1000).default([]),
  /** Counted stock, as of `generated_at`. */
  counts: z
    .array(z.object({ sku, on_hand: quantity }))
    .max(1000)
    .default([]),
  /** With the last batch of the day. */
  end_of_day: endOfDay.optional(),
});
export type StoreBatch = z.infer<typeof storeBatch>;

/** A return of an online order as a till took it, out of the batch that it came with. The engine makes it, nobody sends it. */
export const storeReturn = z.object({
  ...storeBatch.pick({ schema_version: true, store: true, sequence: true, currency: true }).shape,
  /** Those of before lack it. */
  business_date: storeBatch.shape.business_date.optional(),
  receipt: tillTransaction.extend({ kind: z.literal('return'), online_order: onlineOrder }),
});
export type StoreReturn = z.infer<typeof storeReturn>;
