import type { Shipment } from '#contracts/v1/fulfilment.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';
import { languageOf } from './language.ts';

/** What a customer is to be told, and as whom and in which language. */
export type Notice = {
  order: Order;
  /** As customers know it. */
  brand: string;
  /** ISO 639; another one is used where there are no templates in it. */
  language: string;
  /** The same for every attempt. */
  messageId: string;
} & (
  | { event: 'order-shipped'; shipment: Pick<Shipment, 'carrier' | 'tracking_number' | 'lines'> }
  | { event: 'ready-to-collect'; shipment: Pick<Shipment, 'lines'>; store: string }
  | {
      event: 'refund-made';
      /** In the refund's currency. */
      refund: {
        amount: string;
        currency: string;
        lines: readonly { line_id: string; sku: string; quantity: number }[];
      };
      returnNumber: string;
    }
);

type Channel = Estate['channels'][number];

/** Who writes to the customer of an order, and in which language. */
export const addressing = (order: Order, channel: Channel, { brands, name }: Pick<Estate, 'brands' | 'name'>) => ({
  order,
  brand: brands?.[channel.brand] ?? name,
  language: languageOf(order, channel),
});
