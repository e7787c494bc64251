import type { JsonObject } from '../vendor.ts';
import { idValue } from './ids.ts';
import type { ShopOrder } from './shop.ts';

/** What a customer wants to send back; `reason` is one of Shopify's, in lower case. */
export interface RequestedLine {
  id: string;
  quantity: number;
  reason: string;
}

/** A return as the webhook `returns/request` carries it. */
export const returnResource = (
  order: ShopOrder,
  { id, lines }: { id: number; lines: readonly RequestedLine[] },
): JsonObject => ({
  id,
  admin_graphql_api_id: `gid://shopify/Return/${id}`,
  status: 'requested',
  order: { id: idValue(order.id), admin_graphql_api_id: `gid://shopify/Order/${order.id}` },
  total_return_line_items: lines.length,
  name: `${order.name}-R${id}`,
  return_line_items: lines.map((line, i) => ({
    id: id + i + 1,
    admin_graphql_api_id: `gid://shopify/ReturnLineItem/${id + i + 1}`,
    fulfillment_line_item: {
      id: id + i + 1,
      line_item: { id: idValue(line.id), admin_graphql_api_id: `gid://shopify/LineItem/${line.id}` },
    },
    quantity: line.quantity,
    return_reason: line.reason,
    return_reason_note: '',
    customer_note: null,
  })),
});
