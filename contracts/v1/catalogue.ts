import { z } from 'zod';
import { currencyCode, decimal, instant, lot, money, quantity, serialNumbers, sku, slug } from './primitives.ts';

/** Item master. An inactive product may not be sold: orders that carry it are quarantined. */
export const product = z.object({
  schema_version: z.literal(1),
  sku,
  title: z.string().min(1).max(500),
  active: z.boolean(),
  brand: slug,
  /** GTIN-8, -12, -13 or -14. */
  gtin: z
    .string()
    .regex(/^(\d{8}|\d{12,14})$/)
    .optional(),
  unit_of_measure: z.string().min(1).max(10),
  weight_grams: z.int().nonnegative().optional(),
  tax_category: z.string().max(64).optional(),
  cost: money.optional(),
  updated_at: instant,
});
export type Product = z.infer<typeof product>;

/** A price of one SKU in one channel, in force in the half-open interval [starts_at, ends_at). */
export const price = z.object({
  schema_version: z.literal(1),
  sku,
  channel: slug,
  currency: currencyCode,
  amount: decimal,
  compare_at: decimal.optional(),
  starts_at: instant,
  ends_at: instant.optional(),
  version: z.int().positive(),
});
export type Price = z.infer<typeof price>;

/**
 * A change of physical stock, or a count. `version` orders the changes of one source: an older one never overwrites
 * a newer. A `count` sets on hand to `quantity`; every other reason adds it (negative for what left).
 */
export const stockChange = z.object({
  schema_version: z.literal(1),
  change_id: z.string().min(1).max(128),
  source: slug,
  sku,
  location: slug,
  /** `announced` is on its way from a supplier: in transit, not on hand, until a receipt names its purchase order. */
  reason: z.enum(['count', 'receipt', 'adjustment', 'sale', 'return', 'transfer_in', 'transfer_out', 'announced']),
  quantity: z.int().min(-10_000_000).max(10_000_000),
  version: z.int().nonnegative(),
  occurred_at: instant,
  /** The other end of a transfer: what leaves for it counts as in transit there until it is received. */
  counterpart: slug.optional(),
  /** Of an announcement, and of the receipt that fulfils it. */
  purchase_order: z.string().min(1).max(64).optional(),
  lot,
  serial_numbers: serialNumbers,
});
export type StockChange = z.infer<typeof stockChange>;

/** What may be promised of one SKU at one location in one channel, taken apart. */
export const availability = z.object({
  schema_version: z.literal(1),
  sku,
  location: slug,
  channel: slug,
  on_hand: z.int(),
  reserved: quantity,
  in_transit: quantity,
  safety_stock: quantity,
  allocation_percent: z.int().min(0).max(100),
  sellable: quantity,
  version: z.int().nonnegative(),
  as_of: instant,
});
export type Availability = z.infer<typeof availability>;
