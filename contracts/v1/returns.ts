import { z } from 'zod';
import { instant, quantity, sku, slug } from './primitives.ts';

/** Why goods come back, in our own words; every system's codes are mapped to these (kind `return_reason`). */
export const returnReason = z.enum([
  'changed_mind',
  'too_small',
  'too_large',
  'not_as_described',
  'wrong_item',
  'defective',
  'damaged_in_transit',
  'late',
  'other',
]);
export type ReturnReason = z.infer<typeof returnReason>;

/** How goods are when they come back. */
export const returnCondition = z.enum(['sellable', 'damaged', 'defective', 'unknown']);
export type ReturnCondition = z.infer<typeof returnCondition>;

/** What becomes of them: back into stock, thrown away, or back to who made them. */
export const disposition = z.enum(['restock', 'scrap', 'vendor']);
export type Disposition = z.infer<typeof disposition>;

/**
 * A return as a channel, a store or the service desk sends it to `POST /v1/returns`. A line is named by the order's
 * `line_id` or, where the SKU stands on the order once, by its `sku`. A reason may be left to whoever receives the goods.
 */
export const channelReturn = z.object({
  /** The return's own number, unique with the sender. */
  return_id: z.string().min(1).max(64),
  channel: slug,
  /** The order by the channel's own id of it: its external_id. */
  order: z.string().min(1).max(128),
  requested_at: instant,
  lines: z
    .array(
      z
        .object({
          line_id: z.string().min(1).max(64).optional(),
          sku: sku.optional(),
          quantity: quantity.min(1),
          reason_code: z.string().max(64).optional(),
          condition: returnCondition.optional(),
          /** What the sender suggests; the condition of the goods may rule it out. */
          disposition: disposition.optional(),
        })
        .refine(({ line_id, sku: item }) => line_id !== undefined || item !== undefined, {
          error: 'expected a line_id or a sku',
          path: ['line_id'],
        }),
    )
    .min(1)
    .max(1000),
  /** The goods are here already, as when a store takes them back. */
  received: z.object({ location: slug, at: instant }).optional(),
});
export type ChannelReturn = z.infer<typeof channelReturn>;
