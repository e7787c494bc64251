import type { Order } from '#contracts/v1/order.ts';

/** What of an order's lines stock depends on, as one comparable text. */
export function linesFingerprint(order: Order): string {
  return order.lines
    .filter((line) => line.requires_shipping)
    .map((line) => `${line.line_id}/${line.sku}/${line.quantity}`)
    .sort()
    .join(',');
}
