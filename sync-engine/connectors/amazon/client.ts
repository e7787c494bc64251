import { hash32 } from '#contracts/v1/key.ts';
import type { System } from '#contracts/v1/estate.ts';
import { type Answer, ConnectorError, type Send } from '../connector.ts';
import type { ChannelServices, VerbInput } from '../services.ts';
import { readBody, refusalOf } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { errorList, orderAnswer } from './contract.ts';

const orderPath = (id: string): string => `/orders/v0/orders/${segment(id)}`;
const orderCall = (id: string) => jsonCall('GET', orderPath(id));

/** The refusal an answer is, in Amazon's words. */
export function refused(answer: Answer): ConnectorError | undefined {
  return refusalOf(answer, (body) => {
    const said = errorList.safeParse(body);
    const first = said.success ? said.data.errors[0] : undefined;
    if (first === undefined) return undefined;
    const words = [first.message, first.details].filter((text) => text != null && text !== '').join(' ');
    return { code: first.code, message: `Amazon: ${words || first.code}`.slice(0, 1000) };
  });
}

/**
 * What Syncline asks of a marketplace. Orders v0 takes no acknowledgement: an order is ours until it is cancelled, so
 * acknowledging it is only to look whether Amazon still has it (docs/decisions/0021-what-amazon-is-not-told.md).
 */
export function amazonServices(
  system: System,
): Pick<ChannelServices, 'acknowledge_order' | 'cancel_order' | 'create_fulfilment'> {
  return {
    acknowledge_order: {
      name: 'acknowledge_order',
      prepare: ({ order }) => orderCall(order.external_id),
      read: (answer) => ({ acknowledgedId: readOrder(answer).AmazonOrderId }),
    },
    cancel_order: {
      name: 'cancel_order',
      prepare: ({ order }) => orderCall(order.external_id),
      read(answer) {
        const { AmazonOrderId, OrderStatus } = readOrder(answer);
        if (OrderStatus === 'Canceled') return { cancelledId: AmazonOrderId };
        throw new ConnectorError({
          errorClass: 'rejected',
          code: 'CANCEL_AT_AMAZON',
          message: `Amazon has the order as ${OrderStatus} and takes no cancellation by call. Cancel it in Seller Central and replay: it is then found cancelled.`,
          retryable: false,
          mayHaveHappened: false,
        });
      },
    },
    create_fulfilment: {
      name: 'create_fulfilment',
      prepare: (input) =>
        jsonCall('POST', `${orderPath(input.order.external_id)}/shipmentConfirmation`, confirmationOf(input, system)),
      read(answer, { shipment }) {
        const error = refused(answer);
        if (error !== undefined) throw error;
        return { fulfilmentId: packageId(shipment.shipment_id) };
      },
      find: async ({ order, shipment }, send) => found(order.external_id, shipment.shipment_id, send),
    },
  };
}

/**
 * A package is known by its number within the order; confirmed again under the same number it is edited, not doubled
 * (developer-docs.amazon.com/sp-api/docs/confirm-the-shipment-status). Only positive numbers are taken.
 */
export const packageId = (shipmentId: string): string => String(hash32(shipmentId) + 1);

function confirmationOf({ order, shipment }: VerbInput<'create_fulfilment'>, system: System) {
  const carrier = shipment.carrier.trim();
  return {
    marketplaceId: system.settings['marketplace'] ?? '',
    packageDetail: {
      packageReferenceId: packageId(shipment.shipment_id),
      // Amazon wants a name where it may not know the carrier by its code.
      carrierCode: carrier === '' ? 'Other' : carrier,
      ...(carrier === '' ? { carrierName: 'Other' } : {}),
      ...(order.shipping[0]?.code ? { shippingMethod: order.shipping[0].code } : {}),
      trackingNumber: shipment.tracking_number || shipment.shipment_id,
      shipDate: shipment.shipped_at,
      orderItems: shipment.lines.map(({ line_id, quantity }) => ({ orderItemId: line_id, quantity })),
    },
  };
}

/** An order that Amazon has as shipped needs no confirmation any more; of one shipped in part, repeating is harmless. */
async function found(orderId: string, shipmentId: string, send: Send): Promise<{ fulfilmentId: string } | undefined> {
  const { OrderStatus } = readOrder(await send(orderCall(orderId)));
  return OrderStatus === 'Shipped' ? { fulfilmentId: packageId(shipmentId) } : undefined;
}

function readOrder(answer: Answer) {
  const error = refused(answer);
  if (error !== undefined) throw error;
  return readBody(answer, orderAnswer, "Amazon's order").payload;
}
