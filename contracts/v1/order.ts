import { z } from 'zod';
import { address } from './address.ts';
import { currencyCode, decimal, instant, quantity, sku, slug } from './primitives.ts';

/** A discount as applied to one line or one shipping charge; `amount` is positive and in the order's currency. */
export const discount = z.object({ code: z.string().max(200), amount: decimal });

/** One tax on one line or shipping charge. `code` is the channel's own name for it; the ERP's code comes from a mapping. */
export const taxLine = z.object({ code: z.string().min(1).max(100), rate: decimal, amount: decimal });
export type TaxLine = z.infer<typeof taxLine>;

export const orderLine = z.object({
  line_id: z.string().min(1).max(64),
  sku,
  title: z.string().max(500),
  quantity: quantity.min(1),
  unit_price: decimal,
  discounts: z.array(discount),
  taxes: z.array(taxLine),
  duties: decimal,
  requires_shipping: z.boolean(),
  gift_card: z.boolean(),
});
export type OrderLine = z.infer<typeof orderLine>;

export const shippingCharge = z.object({
  code: z.string().max(100),
  title: z.string().max(300),
  price: decimal,
  discounts: z.array(discount),
  taxes: z.array(taxLine),
});

/** `authorization` is captured on shipment; `sale` and `gift_card` were taken by the channel already. */
export const payment = z.object({
  gateway: z.string().max(100),
  kind: z.enum(['authorization', 'sale', 'gift_card']),
  amount: decimal,
  reference: z.string().max(200),
});

export const fulfilment = z.object({
  kind: z.enum(['ship', 'click_and_collect', 'ship_from_store']),
  location: slug.optional(),
});

/**
 * The canonical order: what every connector maps from and to. All amounts are in `currency`. With `taxes_included`
 * the unit and shipping prices contain the tax amounts, otherwise the taxes come on top.
 */
export const order = z.object({
  schema_version: z.literal(1),
  system: slug,
  external_id: z.string().min(1).max(128),
  number: z.string().min(1).max(64),
  channel: slug,
  region: slug,
  brand: slug,
  legal_entity: slug,
  tier: z.enum(['express', 'standard', 'economy']),
  placed_at: instant,
  updated_at: instant,
  currency: currencyCode,
  taxes_included: z.boolean(),
  test: z.boolean(),
  cancelled_at: instant.optional(),
  customer: z.object({
    external_id: z.string().max(128).optional(),
    name: z.string().max(200).optional(),
    email: z.string().max(320).optional(),
  }),
  billing_address: address.optional(),
  shipping_address: address.optional(),
  fulfilment,
  lines: z.array(orderLine).min(1).max(1000),
  shipping: z.array(shippingCharge).max(20),
  payments: z.array(payment).max(20),
  /**
   * As the channel states them: `subtotal` the lines and `shipping` the charges before discounts, `discount` all
   * discounts on both. total = subtotal - discount + shipping + duties + tip, and + tax unless `taxes_included`.
   */
  totals: z.object({
    subtotal: decimal,
    discount: decimal,
    shipping: decimal,
    tax: decimal,
    duties: decimal,
    tip: decimal,
    total: decimal,
  }),
});
export type Order = z.infer<typeof order>;

/** Where an order stands, by event time. */
export const lifecycle = z.enum([
  'pending_validation',
  'allocated',
  'released_to_warehouse',
  'partially_shipped',
  'shipped',
  'delivered',
  'returned',
  'financially_settled',
  'cancelled',
]);
export type Lifecycle = z.infer<typeof lifecycle>;
