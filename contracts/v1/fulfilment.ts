import { z } from 'zod';
import { instant, lot, money, quantity, serialNumbers, sku, slug } from './primitives.ts';
import { disposition, returnCondition } from './returns.ts';

/** One parcel that left a location; several of them make a partial or split shipment. */
export const shipment = z.object({
  schema_version: z.literal(1),
  shipment_id: z.string().min(1).max(128),
  order_key: z.string().min(1).max(300),
  location: slug,
  carrier: z.string().max(100),
  tracking_number: z.string().max(100),
  shipped_at: instant,
  lines: z
    .array(
      z.object({
        line_id: z.string().min(1).max(64),
        sku,
        quantity: quantity.min(1),
        lot,
        serial_numbers: serialNumbers,
      }),
    )
    .min(1),
});
export type Shipment = z.infer<typeof shipment>;

/** Goods on their way to one of our locations, as their sender announces them: an advance ship notice. */
export const shipNotice = z.object({
  schema_version: z.literal(1),
  notice_id: z.string().min(1).max(128),
  /** Estate id of the system it came from. */
  system: slug,
  /** Where they are going. */
  location: slug,
  carrier: z.string().max(100),
  tracking_number: z.string().max(100),
  sent_at: instant,
  shipped_at: instant.optional(),
  expected_at: instant.optional(),
  lines: z
    .array(
      z.object({
        purchase_order: z.string().max(64),
        sku,
        quantity: quantity.min(1),
        /** Serial shipping container code of the package it is in, or the sender's own mark. */
        package: z.string().max(48).optional(),
      }),
    )
    .min(1),
});
export type ShipNotice = z.infer<typeof shipNotice>;

/** Goods coming back and the money going out for them. */
export const returnRequest = z.object({
  schema_version: z.literal(1),
  /** Its sender's number of it; of a return at a till it names the store, the day, the batch and the receipt. */
  return_id: z.string().min(1).max(200),
  order_key: z.string().min(1).max(300),
  requested_at: instant,
  channel: slug,
  /** None where money alone was given back: postage, or something for the trouble. */
  lines: z.array(
    z.object({
      line_id: z.string().min(1).max(64),
      sku,
      quantity: quantity.min(1),
      reason_code: z.string().min(1).max(64),
      condition: returnCondition,
      disposition: disposition.optional(),
    }),
  ),
  refund: money,
});
export type ReturnRequest = z.infer<typeof returnRequest>;
