import type { Answer } from '../connector.ts';
import { exactNumber } from '#platform/exact-json.ts';
import type { ChannelServices } from '../services.ts';
import { impossible, readBody } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import {
  fulfillmentAnswer,
  fulfillmentOrdersAnswer,
  fulfillmentsAnswer,
  type Fulfillment,
  type FulfillmentOrder,
} from './contract.ts';
import { restRefusal } from './refusal.ts';

type Shipment = Parameters<ChannelServices['create_fulfilment']['prepare']>[0]['shipment'];

/**
 * Tells the shop of a shipment. A fulfilment names the lines of Shopify's fulfilment orders, which are read first. It
 * carries no key of ours but the tracking number: a fulfilment of the same lines, quantities and tracking number is
 * the one whose answer was lost. A shipment without tracking is sent with our shipment id in that place.
 */
export function createFulfilment(api: string): ChannelServices['create_fulfilment'] {
  return {
    name: 'create_fulfilment',
    before: ({ order }) => jsonCall('GET', `${api}/orders/${segment(order.external_id)}/fulfillment_orders.json`),
    prepare({ shipment }, looked) {
      if (looked === undefined) throw impossible('NOT_LOOKED_UP', 'The fulfilment orders must be read first.');
      return jsonCall('POST', `${api}/fulfillments.json`, {
        fulfillment: {
          line_items_by_fulfillment_order: allocate(shipment, readFulfillmentOrders(looked)),
          tracking_info: {
            number: trackingNumber(shipment),
            ...(shipment.carrier === '' ? {} : { company: shipment.carrier }),
          },
          // The customer is told by the notification step, once.
          notify_customer: false,
        },
      });
    },
    read(answer) {
      const error = restRefusal(answer);
      if (error !== undefined) throw error;
      return { fulfilmentId: readBody(answer, fulfillmentAnswer, "Shopify's fulfilment").fulfillment.id };
    },
    async find({ order, shipment }, send) {
      const answer = await send(jsonCall('GET', `${api}/orders/${segment(order.external_id)}/fulfillments.json`));
      const error = restRefusal(answer);
      if (error !== undefined) throw error;
      const { fulfillments } = readBody(answer, fulfillmentsAnswer, "Shopify's fulfilments");
      const made = fulfillments.find((fulfillment) => isOf(fulfillment, shipment));
      return made === undefined ? undefined : { fulfilmentId: made.id };
    },
  };
}

const trackingNumber = (shipment: Shipment): string => shipment.tracking_number || shipment.shipment_id;

/**
 * Spreads the shipped quantities over the open fulfilment orders: usually there is one, several where an order was
 * split over locations.
 */
function allocate(shipment: Shipment, fulfillmentOrders: readonly FulfillmentOrder[]) {
  const open = fulfillmentOrders.filter(({ status }) => status === 'open' || status === 'in_progress');
  const chosen = new Map<string, { id: string; quantity: number }[]>();
  for (const line of shipment.lines) {
    let wanted = line.quantity;
    for (const fulfillmentOrder of open) {
      const place = fulfillmentOrder.line_items.find(({ line_item_id }) => line_item_id === line.line_id);
      const quantity = Math.min(wanted, place?.fulfillable_quantity ?? 0);
      if (place === undefined || quantity === 0) continue;
      chosen.set(fulfillmentOrder.id, [...(chosen.get(fulfillmentOrder.id) ?? []), { id: place.id, quantity }]);
      wanted -= quantity;
    }
    if (wanted > 0) {
      const message = `Shopify has ${line.quantity - wanted} of line ${line.line_id} (${line.sku}) open for fulfilment, ${line.quantity} were shipped.`;
      throw impossible('NOT_FULFILLABLE', message, '/lines');
    }
  }
  return [...chosen].map(([id, lines]) => ({
    fulfillment_order_id: exactNumber(id),
    fulfillment_order_line_items: lines.map((line) => ({
      id: exactNumber(line.id),
      quantity: exactNumber(String(line.quantity)),
    })),
  }));
}

function isOf(fulfillment: Fulfillment, shipment: Shipment): boolean {
  if (fulfillment.status === 'cancelled' || fulfillment.tracking_number !== trackingNumber(shipment)) return false;
  const key = (lines: readonly { id: string; quantity: number }[]) =>
    lines
      .map(({ id, quantity }) => `${id}x${quantity}`)
      .sort()
      .join(' ');
  const shipped = shipment.lines.map(({ line_id, quantity }) => ({ id: line_id, quantity }));
  return key(fulfillment.line_items ?? []) === key(shipped);
}

function readFulfillmentOrders(answer: Answer): FulfillmentOrder[] {
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
  return readBody(answer, fulfillmentOrdersAnswer, "Shopify's fulfilment orders").fulfillment_orders;
}
