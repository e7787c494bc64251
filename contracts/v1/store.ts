import { z } from 'zod';
import { currencyCode, decimal, instant, quantity, sku, slug } from './primitives.ts';

const amount = decimal.refine((text) => !text.startsWith('-'), { error: 'expected an amount of zero or more' });

/** How customers pay at a till. */
export const tender = z.enum(['cash', 'card', 'gift_card']);
export type Tender = z.infer<typeof tender>;

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
      }),
    )
    .min(1)
    .max(200),
  tenders: z.array(z.object({ tender, amount })).min(1).max(10),
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
