import { z } from 'zod';
import { currencyCode, decimal, instant } from './primitives.ts';

/**
 * What an amount of a payout is. proceeds: what buyers paid, less what was promised off. tax: what the marketplace withholds to
 * remit itself. fees: what it charges. reserve: what it keeps back, or gives back of it. other: what nobody knows here.
 */
export const payoutKind = z.enum(['proceeds', 'tax', 'fees', 'reserve', 'other']);
export type PayoutKind = z.infer<typeof payoutKind>;

export const payoutLine = z.object({
  /** Row of the report, as a spreadsheet counts. */
  row: z.int().positive(),
  kind: payoutKind,
  /** In the marketplace's own words. */
  transaction: z.string().max(100),
  description: z.string().max(300),
  /** The marketplace's number of the order it belongs to, where it does. */
  order_id: z.string().min(1).max(128).optional(),
  /** The payment it moved, as orders refer to it, where a payment system pays out. */
  payment: z.string().min(1).max(200).optional(),
  /** The refund it is, and the key under which it was asked for, where it was by us. */
  refund: z.object({ id: z.string().max(100), key: z.string().max(400).optional() }).optional(),
  /** Units that it is the price of; 0 where it is none. */
  units: z.int().nonnegative(),
  /** Above zero it is ours. In the payout's currency. */
  amount: decimal,
  /**
   * The payment or refund that it is of, in whole, in the currency that it was made in, where that is another one. Above
   * zero. Several lines may be parts of the same.
   */
  original: z.object({ id: z.string().max(100), amount: decimal, currency: currencyCode }).optional(),
});
export type PayoutLine = z.infer<typeof payoutLine>;

/** Beyond this nobody settles a payout in one go. */
export const MOST_PAYOUT_LINES = 50_000;

/** What a marketplace or a payment system pays out for a period, and what of. */
export const payout = z.object({
  schema_version: z.literal(1),
  /** A marketplace's own sales, or payments that it took for others' sales. */
  of: z.enum(['sales', 'payments']).default('sales'),
  /** The marketplace's own number: one is one payout, ever. */
  payout_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected a number of at most 64 letters and digits'),
  currency: currencyCode,
  from: instant,
  to: instant,
  deposited_at: instant,
  /** What is transferred: the sum of the lines. Below zero it is owed. */
  total: decimal,
  lines: z.array(payoutLine).max(MOST_PAYOUT_LINES),
});
export type Payout = z.infer<typeof payout>;
