import { z } from 'zod';
import type { Refusal } from '../vendor.ts';

/**
 * The warehouse systems' API: our own invention of a typical one.
 *
 *   PUT    /orders/<reference>          release; 201 new, 200 the same again, 409 `content_differs`, 422 invalid
 *   GET    /orders/<reference>          the order with its shipments; 404 `unknown_order`
 *   POST   /orders/<reference>/cancel   200 cancelled (also again), 409 `already_shipped`, 404
 *   DELETE /orders/<reference>          the same as cancel
 *   GET    /stock?limit=&cursor=&sku=   what lies here, page by page in order of SKU; `sku` narrows it, by commas
 *
 * Bearer token. Errors are `{ "error": { "code", "message", "field"? } }`. Afterwards it tells
 * `POST <engine>/intake/wms` what happened: `X-Wms-Topic` shipment.confirmed, shipment.delivered, return.received or stock.changed,
 * `X-Wms-Event-Id`, `X-Wms-Warehouse` (system id), `X-Wms-Signature` (hex HMAC-SHA256 of the raw body).
 */
export const release = z.object({
  /** Where it is to be picked, in the words of whoever released it. */
  location: z.string().min(1).max(64).optional(),
  lines: z
    .array(
      z.object({
        line_id: z.union([z.string().min(1).max(64), z.int()]).transform(String),
        sku: z.string().min(1).max(64),
        quantity: z.int().min(1).max(1_000_000),
      }),
    )
    .min(1),
});

/** A warehouse's own name of its building; the engine learns it as a mapping of kind `location`. */
export const locationCode = (locationId: string): string => locationId.toUpperCase().replaceAll('-', '');

export interface ReleasedOrder {
  reference: string;
  warehouseOrderId: string;
  status: 'released' | 'partially_shipped' | 'shipped' | 'delivered' | 'cancelled';
  contentHash: string;
  /** The building it is picked in, in the estate's words. */
  location: string;
  lines: { line_id: string; sku: string; quantity: number }[];
  receivedAt: string;
  shipments: WmsShipment[];
  /** Releases repeated with the same content. */
  repeats: number;
}

export interface WmsShipment {
  shipment_id: string;
  carrier: string;
  tracking_number: string;
  shipped_at: string;
  delivered_at: string | null;
  lines: { line_id: string; sku: string; quantity: number }[];
}

export const wmsError = (status: number, code: string, message: string, field?: string): Refusal => ({
  status,
  body: { error: { code, message, ...(field === undefined ? {} : { field }) } },
});

export const refusals = {
  unauthorised: () => wmsError(401, 'unauthorised', 'The bearer token is missing or wrong.'),
  internal: () => wmsError(500, 'internal', 'The warehouse system failed to handle the request.'),
  throttled: (seconds: number): Refusal => ({
    ...wmsError(429, 'too_many_requests', 'At most 50 requests a second.'),
    headers: { 'retry-after': String(seconds) },
  }),
  unavailable: (seconds: number): Refusal => ({
    ...wmsError(503, 'maintenance', 'The warehouse system is being maintained.'),
    headers: { 'retry-after': String(seconds) },
  }),
};

export function orderResource(order: ReleasedOrder) {
  return {
    warehouse_order_id: order.warehouseOrderId,
    reference: order.reference,
    status: order.status,
    received_at: order.receivedAt,
    lines: order.lines,
    shipments: order.shipments,
  };
}
