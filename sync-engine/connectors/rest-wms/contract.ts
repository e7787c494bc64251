import { z } from 'zod';
import { offsetDateTime } from '#contracts/v1/primitives.ts';
import { returnCondition } from '#contracts/v1/returns.ts';

/**
 * What is read of a REST warehouse system's answers and webhooks. Numbers arrive as their decimal text
 * (exact-json.ts). Source: docs/api/warehouse.md, the interface we ask warehouse systems and 3PLs for.
 */
const digits = z
  .string()
  .regex(/^-?\d{1,15}$/, 'expected a whole number')
  .transform(Number);

export const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
});

export const warehouseOrder = z.object({
  warehouse_order_id: z.string().min(1),
  reference: z.string(),
  status: z.enum(['released', 'partially_shipped', 'shipped', 'delivered', 'cancelled']),
});
export type WarehouseOrder = z.infer<typeof warehouseOrder>;

const goods = {
  /** Unit of measure; absent is one of ours. */
  unit: z.string().max(10).nullish(),
  lot: z.string().nullish(),
  serial_numbers: z.array(z.string()).nullish(),
};

const shippedLine = z.object({ line_id: z.string(), sku: z.string(), quantity: digits, ...goods });

/** Webhook `shipment.confirmed`: a parcel has left. */
export const shipmentConfirmed = z.object({
  reference: z.string().min(1),
  shipment_id: z.string().min(1),
  /** Needed of a system that runs several locations. */
  location_code: z.string().min(1).nullish(),
  carrier: z.string().nullish(),
  tracking_number: z.string().nullish(),
  shipped_at: offsetDateTime,
  lines: z.array(shippedLine).min(1),
});

/** Webhook `shipment.delivered`. */
export const shipmentDelivered = z.object({
  reference: z.string().min(1),
  shipment_id: z.string().min(1),
  tracking_number: z.string().nullish(),
  delivered_at: offsetDateTime,
});

/** Webhook `stock.changed`. */
export const stockChanged = z.object({
  change_id: z.string().min(1),
  sku: z.string(),
  location_code: z.string().min(1),
  reason: z.string(),
  quantity: digits,
  version: digits,
  ...goods,
  /** The other end of a transfer. */
  counterpart_code: z.string().min(1).nullish(),
  purchase_order: z.string().min(1).nullish(),
  occurred_at: offsetDateTime,
});

/** Webhook `return.received`: goods of one order that came back, as they were found. */
export const returnReceived = z.object({
  receipt_id: z.string().min(1).max(64),
  /** Ours, as it stood on the release. */
  reference: z.string().min(1),
  /** The return's number, where the parcel bore one. */
  return_number: z.string().max(64).nullish(),
  location_code: z.string().min(1),
  received_at: offsetDateTime,
  /** Of the warehouse's stock changes, which it counts together with these. */
  version: digits,
  lines: z
    .array(
      z.object({
        line_id: z.string().max(64).nullish(),
        sku: z.string().min(1).max(64),
        quantity: digits.pipe(z.int().min(1).max(10_000_000)),
        condition: returnCondition.nullish(),
        reason_code: z.string().max(64).nullish(),
      }),
    )
    .min(1)
    .max(1000),
});
