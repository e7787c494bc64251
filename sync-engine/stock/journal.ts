import { z } from 'zod';
import { stockChange } from '#contracts/v1/catalogue.ts';
import { instant, slug } from '#contracts/v1/primitives.ts';
import { publication, stockLine } from './commands.ts';

/**
 * How items of a location are offered: what is held back, and to whom. `push` channels are called, `pull` channels
 * read for themselves and so see a change once it is in the journal, `none` is an estate that only observes.
 */
export const offering = z.record(
  slug,
  z.object({
    safety_stock: z.int().nonnegative(),
    channels: z.record(
      slug,
      z.object({ allocation_percent: z.int().min(0).max(100), publication: z.enum(['push', 'pull', 'none']) }),
    ),
  }),
);
export type Offering = z.infer<typeof offering>;

/** What happened, as decided: replaying facts asks nothing of clocks, configuration or rules that may have changed. */
export const stockFact = z.discriminatedUnion('fact', [
  z.object({ fact: z.literal('offered'), offering }),
  z.object({
    fact: z.literal('changed'),
    change: stockChange,
    /** What it adds to on hand: for a count the difference it found. */
    delta: z.int(),
    superseded: z.boolean(),
    origin: z.enum(['live', 'backfill', 'simulated']),
  }),
  z.object({ fact: z.literal('reserved'), order_key: z.string(), location: slug, lines: z.array(stockLine) }),
  z.object({ fact: z.literal('released'), order_key: z.string(), final: z.boolean().optional() }),
  z.object({
    fact: z.literal('shipped'),
    order_key: z.string(),
    shipment_id: z.string(),
    location: slug,
    lines: z.array(stockLine),
  }),
  z.object({ fact: z.literal('published'), channel: slug, items: z.array(publication) }),
  z.object({
    fact: z.literal('drifted'),
    drift_id: z.string(),
    channel: slug,
    sku: z.string(),
    location: slug,
    /** What the channel had confirmed, and what it showed instead. */
    confirmed: z.int(),
    shown: z.int(),
  }),
]);
export type StockFact = z.infer<typeof stockFact>;
export type StockFactOf<F extends StockFact['fact']> = Extract<StockFact, { fact: F }>;

/** One message of `stock.<partition>`: what one batch of commands came to. */
export const journalEntry = z.object({
  v: z.literal(1),
  /** Position in the partition's journal, from 1. */
  n: z.int().positive(),
  writer: z.string(),
  at: instant,
  facts: z.array(stockFact),
});
export type JournalEntry = z.infer<typeof journalEntry>;
