import { z } from 'zod';
import { availability, price, product, stockChange } from './catalogue.ts';
import { customer } from './customer.ts';
import { lifecycle, order, orderLine, payment, shippingCharge, type Order } from './order.ts';
import type { Permission } from './permissions.ts';
import { posting } from './posting.ts';
import { decimal, instant, quantity, slug, sku } from './primitives.ts';
import { errorClass, stepStatus } from './step-event.ts';

/** What an API client of a system may be allowed to do at the intake. */
export const channelScope = z.enum([
  'orders.write',
  'orders.read',
  'products.write',
  'stock.write',
  'prices.write',
  'customers.write',
  'returns.write',
  'returns.read',
  'mappings.write',
  'availability.read',
  'postings.read',
]);

/** What an API client may be allowed to do at the console's API, by the names of permissions (`mappings.write` is one too). */
export const workScope = z.enum([
  'cases.read',
  'cases.work',
  'cases.replay',
  'cases.discard',
  'cases.approve',
  'payloads.read',
  'personal_data.read',
  'rules.write',
  'figures.read',
  'webhooks.write',
  'reconciliation.run',
  'breaks.work',
  'breaks.settle',
]) satisfies z.ZodType<Permission>;

/** What an API client may be allowed to do at ingest: tell of steps that another system carried out. */
export const ingestScope = z.enum(['steps.write']);

/** What an API client may be allowed to do. */
export const apiScope = z.enum([...channelScope.options, ...workScope.options, ...ingestScope.options]);
export type ApiScope = z.infer<typeof apiScope>;

/** An API client as kept in KV bucket API_CLIENTS under its id. The secret itself is never stored. */
export const apiClient = z.object({
  id: slug,
  name: z.string().min(1).max(100),
  /** SHA-256 of the secret, 64 hex digits. The secret has 256 random bits, so that a slow hash would add nothing. */
  key_hash: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(apiScope).min(1),
  quota_per_minute: z.int().min(1).max(1_000_000),
  /** System of the estate it speaks for. */
  system: slug,
  created_at: instant,
  disabled: z.boolean(),
});
export type ApiClient = z.infer<typeof apiClient>;

/**
 * An order as a channel sends it to `POST /v1/orders`: the canonical order without what the estate knows (system,
 * region, brand, legal entity). `channel` is needed only where the caller's system serves several.
 */
export const channelOrder = order
  .omit({ schema_version: true, system: true, region: true, brand: true, legal_entity: true })
  .extend({
    channel: slug.optional(),
    /** Visible ASCII, so that the transaction key made of it stays short enough. */
    external_id: z.string().regex(/^[!-~]{1,64}$/, 'expected 1 to 64 visible ASCII characters'),
    tier: order.shape.tier.default('standard'),
    test: z.boolean().default(false),
    fulfilment: order.shape.fulfilment.default({ kind: 'ship' }),
    lines: z
      .array(
        orderLine.extend({
          discounts: orderLine.shape.discounts.default([]),
          taxes: orderLine.shape.taxes.default([]),
          duties: decimal.default('0.00'),
          requires_shipping: z.boolean().default(true),
          gift_card: z.boolean().default(false),
        }),
      )
      .min(1)
      .max(1000),
    shipping: z.array(shippingCharge).max(20).default([]),
    payments: z.array(payment).max(20).default([]),
  });
export type ChannelOrder = z.infer<typeof channelOrder>;

/** Adds what the estate knows about the channel: the whole of canonicalisation for Syncline's own API. */
export function completeChannelOrder(
  sent: ChannelOrder,
  known: { system: string; channel: string; region: string; brand: string; legal_entity: string },
): Order {
  return { ...sent, schema_version: 1, ...known };
}

/** `PUT /v1/products/:sku`. An older `updated_at` never overwrites a newer one. */
export const channelProduct = product.omit({ schema_version: true, sku: true });
export type ChannelProduct = z.infer<typeof channelProduct>;

/**
 * `PUT /v1/stock/:location/:sku`. Without `reason` the quantity is a count, which sets on hand; with one it is added.
 * `version` orders the changes of one system, location and SKU.
 */
export const channelStock = stockChange.pick({ quantity: true, version: true, occurred_at: true }).extend({
  reason: stockChange.shape.reason.default('count'),
  counterpart: stockChange.shape.counterpart,
  purchase_order: stockChange.shape.purchase_order,
  lot: stockChange.shape.lot,
  serial_numbers: stockChange.shape.serial_numbers,
  /** Unit of measure of the quantity, where it is not ours: mapped with the kind `unit`. */
  unit: z.string().min(1).max(10).optional(),
});
export type ChannelStock = z.infer<typeof channelStock>;

/**
 * `PUT /v1/prices/:channel/:sku`. Without `ends_at` it is the usual price, with one a promotion, after which the newest
 * other price whose time it is takes its place. A higher `version` takes precedence over a lower one.
 */
export const channelPrice = price.omit({ schema_version: true, sku: true, channel: true });
export type ChannelPrice = z.infer<typeof channelPrice>;

/** `PUT /v1/customers/:id`: a customer by the sender's own number. An older `updated_at` never overwrites a newer one. */
export const channelCustomer = customer.omit({ schema_version: true, external_id: true });

/** `PUT /v1/mappings/:kind/:code`. `system` is the caller's own unless named; a later `changed_at` wins. */
export const channelMapping = z.object({
  system: slug.optional(),
  target: z.string().min(1).max(200),
  reason: z.string().max(1000).default(''),
  /** Absent means the time of arrival. */
  changed_at: instant.optional(),
});
export type ChannelMapping = z.infer<typeof channelMapping>;

/** Answer to everything accepted: it is durable. 202 the first time, 200 with `duplicate` for a repetition. */
export const receipt = z.object({
  accepted: z.literal(true),
  duplicate: z.boolean(),
  /** Sequence in stream INTAKE; of the first delivery where this is a duplicate. */
  intake_seq: z.int().positive(),
  /**
   * What it can be asked for by: an order's transaction key, a SKU, `sku@location`, a mapping's key. Absent for a
   * webhook that does not say at a glance what it is about.
   */
  key: z.string().min(1).max(400).optional(),
});
export type Receipt = z.infer<typeof receipt>;

export const availabilityQuery = z.object({
  sku: z.union([sku.transform((one) => [one]), z.array(sku).min(1).max(100)]),
  channel: slug.optional(),
  location: slug.optional(),
});
export type AvailabilityQuery = z.infer<typeof availabilityQuery>;

export const availabilityAnswer = z.object({ items: z.array(availability) });
export type AvailabilityAnswer = z.infer<typeof availabilityAnswer>;

/** One step as far as it got: its latest event. */
export const orderStep = z.object({
  step: z.string(),
  status: stepStatus,
  system: z.string(),
  attempt: z.int().positive(),
  started_at: instant,
  /** Empty while it runs. */
  ended_at: z.union([z.literal(''), instant]),
  error: z.object({ class: errorClass, code: z.string(), path: z.string(), message: z.string() }).optional(),
  case_id: z.string().optional(),
});

export const orderShipment = z.object({
  shipment: z.string(),
  location: z.string(),
  tracking_number: z.string(),
  units: quantity.optional(),
  confirmed_at: instant,
});

/** `GET /v1/orders/:key`: where the order stands, as its step events tell at the moment of the question. */
export const orderStatus = z.object({
  key: z.string(),
  number: z.string(),
  system: z.string(),
  channel: z.string(),
  lifecycle,
  /** True when nothing further will happen of itself. */
  finished: z.boolean(),
  /** The open case that holds it up, if any. */
  case_id: z.string().optional(),
  placed_at: instant,
  updated_at: instant,
  /** Deadline of the next milestone. */
  deadline: instant.optional(),
  amount: z.union([z.literal(''), decimal]),
  currency: z.string(),
  trace_id: z.string(),
  /** In the order they first began. A step that repeats (one shipment each) appears once per shipment. */
  steps: z.array(orderStep),
  shipments: z.array(orderShipment),
});
export type OrderStatus = z.infer<typeof orderStatus>;
export type OrderStep = z.infer<typeof orderStep>;

/** How far a return has come, in this order. */
export const returnLifecycle = z.enum([
  'requested',
  'authorised',
  'received',
  'inspected',
  'refunded',
  'credited',
  'closed',
  'cancelled',
]);

/** `GET /v1/returns/:key`: where a return stands, as its step events tell at the moment of the question. */
export const returnStatus = z.object({
  key: z.string(),
  /** The return's own number. */
  number: z.string(),
  system: z.string(),
  channel: z.string(),
  /** Empty as long as its order was not found. */
  order_key: z.string(),
  lifecycle: returnLifecycle,
  finished: z.boolean(),
  case_id: z.string().optional(),
  requested_at: instant,
  updated_at: instant,
  deadline: instant.optional(),
  /** What is refunded, once that is decided. */
  amount: z.union([z.literal(''), decimal]),
  currency: z.string(),
  trace_id: z.string(),
  steps: z.array(orderStep),
});
export type ReturnStatus = z.infer<typeof returnStatus>;

/** `GET /v1/orders/:key/postings`: what was, is being or could not be posted for one order. */
export const postingsAnswer = z.object({ key: z.string(), postings: z.array(posting) });
export type PostingsAnswer = z.infer<typeof postingsAnswer>;

/** RFC 9457 problem details. `path` of an error is a JSON Pointer (RFC 6901) into the body, or names a header or parameter. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** What the asker can do something about, as in the reply to a command. */
  because: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
