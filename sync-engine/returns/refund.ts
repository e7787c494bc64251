import { z } from 'zod';
import { currencyCode, decimal } from '#contracts/v1/primitives.ts';
import { sumAmounts } from '../money.ts';

/** Amounts without tax, with the taxes beside them. */
const part = z.object({
  net: decimal,
  taxes: z.array(z.object({ code: z.string(), rate: decimal, amount: decimal })),
});
export type RefundPart = z.infer<typeof part>;

const refundLine = part.extend({
  line_id: z.string(),
  sku: z.string(),
  quantity: z.int().nonnegative(),
  duties: decimal,
});
export type RefundLine = z.infer<typeof refundLine>;

/**
 * What is given back for a return, taken apart as the order was: it is credited in these parts, and `total` is exactly
 * their sum. `adjustment` is what a refund differs by from the value of its goods.
 */
const refund = z.object({
  currency: currencyCode,
  lines: z.array(refundLine),
  shipping: part.optional(),
  adjustment: decimal,
  total: decimal,
});
export type Refund = z.infer<typeof refund>;

/** A part of a refund that one payment gives back. */
const refundShare = z.object({
  reference: z.string(),
  amount: decimal,
  /** Paid with a gift card, which no payment provider can refund. */
  gift_card: z.boolean(),
});
export type RefundShare = z.infer<typeof refundShare>;

/** What is given for one return, and by which payments; decided together, once. */
export const granted = z.object({ refund, shares: z.array(refundShare) });
export type Granted = z.infer<typeof granted>;

const ofPart = ({ net, taxes }: RefundPart): string[] => [net, ...taxes.map(({ amount }) => amount)];

/** The sum of a refund's parts, its adjustment left out. */
export const valueOf = ({ lines, shipping }: Pick<Refund, 'lines' | 'shipping'>): string =>
  sumAmounts([
    ...lines.flatMap((line) => [...ofPart(line), line.duties]),
    ...(shipping === undefined ? [] : ofPart(shipping)),
  ]);
