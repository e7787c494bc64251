import { formatCents } from '../../amount.ts';
import { isObject, type JsonObject } from '../vendor.ts';
import { idValue, parseExact } from './ids.ts';
import { remainingCents, type ShopFulfilment, type ShopOrder, type ShopTransaction } from './shop.ts';

/** Resources as the Admin REST API answers them (shopify.dev/docs/api/admin-rest/2025-01/resources). */

export function orderResource(order: ShopOrder, bodyText: string | undefined): JsonObject {
  const body = bodyText === undefined ? {} : parseExact(bodyText);
  const total = order.lines.reduce((units, line) => units + line.quantity, 0);
  const done = order.lines.reduce((units, line) => units + line.fulfilled, 0);
  return {
    ...(isObject(body) ? body : {}),
    id: idValue(order.id),
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    name: order.name,
    tags: order.tags,
    note_attributes: order.noteAttributes,
    cancelled_at: order.cancelledAt,
    cancel_reason: order.cancelReason,
    financial_status: financialStatus(order),
    fulfillment_status: done === 0 ? null : done < total ? 'partial' : 'fulfilled',
    fulfillments: order.fulfilments.map((fulfilment) => fulfilmentResource(order, fulfilment)),
  };
}

/** The fields asked for; the large body is read only where one of them stands in it. */
export function chosenFields(order: ShopOrder, bodyText: string | undefined, fields: readonly string[]): JsonObject {
  const own = orderResource(order, undefined);
  const resource = fields.length > 0 && fields.every((name) => name in own) ? own : orderResource(order, bodyText);
  return fields.length === 0
    ? resource
    : Object.fromEntries(Object.entries(resource).filter(([name]) => fields.includes(name)));
}

function financialStatus(order: ShopOrder): string {
  if (order.transactions.some((item) => item.kind === 'void')) return 'voided';
  const total = (kinds: string[]) =>
    order.transactions.reduce((cents, item) => (kinds.includes(item.kind) ? cents + item.cents : cents), 0);
  const refunded = total(['refund']);
  if (refunded > 0) return refunded < total(['capture', 'sale']) ? 'partially_refunded' : 'refunded';
  if (!order.transactions.some((item) => item.kind === 'capture')) return 'authorized';
  return remainingCents(order) > 0 ? 'partially_paid' : 'paid';
}

export function transactionResource(order: ShopOrder, item: ShopTransaction): JsonObject {
  return {
    id: item.id,
    order_id: idValue(order.id),
    kind: item.kind,
    gateway: item.gateway,
    status: 'success',
    message: 'Transaction approved',
    created_at: item.createdAt,
    processed_at: item.createdAt,
    test: false,
    authorization: item.kind === 'authorization' ? `auth_${item.id}` : null,
    location_id: null,
    user_id: null,
    parent_id: item.parentId,
    device_id: null,
    error_code: null,
    source_name: 'web',
    receipt: {},
    amount: formatCents(item.cents),
    currency: order.currency,
    payment_id: `${order.name}.${order.transactions.indexOf(item) + 1}`,
    admin_graphql_api_id: `gid://shopify/OrderTransaction/${item.id}`,
  };
}

export function fulfilmentResource(order: ShopOrder, item: ShopFulfilment): JsonObject {
  return {
    id: item.id,
    order_id: idValue(order.id),
    status: 'success',
    created_at: item.createdAt,
    updated_at: item.createdAt,
    service: 'manual',
    shipment_status: null,
    location_id: null,
    tracking_company: item.company,
    tracking_number: item.trackingNumber,
    tracking_numbers: item.trackingNumber === null ? [] : [item.trackingNumber],
    tracking_url: item.trackingUrl,
    tracking_urls: item.trackingUrl === null ? [] : [item.trackingUrl],
    receipt: {},
    name: `${order.name}.${order.fulfilments.indexOf(item) + 1}`,
    admin_graphql_api_id: `gid://shopify/Fulfillment/${item.id}`,
    line_items: item.lines.map((line) => ({
      id: idValue(line.id),
      sku: order.lines.find((known) => known.id === line.id)?.sku ?? null,
      quantity: line.quantity,
    })),
  };
}

/** Fulfilment order line ids are ours to choose: the order's own id and the position of the line. */
export const fulfillmentOrderLineId = (order: ShopOrder, index: number): number =>
  order.fulfillmentOrderId * 100 + index;

export function fulfillmentOrderResource(order: ShopOrder): JsonObject {
  const open = order.lines.some((line) => line.fulfilled < line.quantity);
  const started = order.fulfilments.length > 0;
  return {
    id: order.fulfillmentOrderId,
    shop_id: 548380009,
    order_id: idValue(order.id),
    assigned_location_id: null,
    request_status: 'unsubmitted',
    status: order.cancelledAt !== null ? 'cancelled' : open ? (started ? 'in_progress' : 'open') : 'closed',
    supported_actions: open ? ['create_fulfillment', 'hold'] : [],
    destination: null,
    line_items: order.lines.map((line, index) => ({
      id: fulfillmentOrderLineId(order, index),
      shop_id: 548380009,
      fulfillment_order_id: order.fulfillmentOrderId,
      quantity: line.quantity,
      line_item_id: idValue(line.id),
      inventory_item_id: null,
      fulfillable_quantity: line.quantity - line.fulfilled,
      variant_id: null,
    })),
    fulfillment_holds: [],
    created_at: order.createdAt,
    updated_at: order.fulfilments.at(-1)?.createdAt ?? order.createdAt,
  };
}
