import type { Order } from '#contracts/v1/order.ts';
import { Decimal } from '../../../money.ts';
import { defineCall } from '../../flow.ts';
import {
  channelOf,
  currentShipment,
  type OrderCall,
  type OrderData,
  type OrderEnv,
  orderOf,
  type OrderView,
} from '../order-data.ts';
import { captureForShipment, authorisedAmount } from '../rules/capture.ts';

/**
 * One capture is one shipment's: the key under which a payment provider knows it again. No transaction's key has a `~`,
 * so no two orders' shipments come to the same.
 */
const captureKey = (view: OrderView): string => `cap-${view.key}~${currentShipment(view).shipment_id}`;

function captureOf(view: OrderView, order: Order) {
  return captureForShipment({
    order,
    shipment: currentShipment(view).lines,
    shippedBefore: view.data.shipments.slice(0, -1).flatMap(({ lines }) => lines),
    capturedBefore: view.data.captures.map(({ amount }) => amount),
  });
}

const referenceOf = (order: Order): string =>
  order.payments.find(({ kind }) => kind === 'authorization')?.reference ?? '';

const methodOf = (order: Order): string => order.payments.find(({ kind }) => kind === 'authorization')?.gateway ?? '';

const isZero = (amount: string): boolean => new Decimal(amount).isZero();

/** Takes the money for what has just shipped. */
export const capturePayment: OrderCall = {
  kind: 'call',
  name: 'capture_payment',
  next: () => 'channel_fulfilment',
  call: defineCall<OrderData, OrderEnv, 'capture_payment'>({
    verb: 'capture_payment',
    system: (view) => channelOf(view).payment,
    posting: (view) => ({ document: 'payment', posting_key: captureKey(view) }),
    skip: async (view, env) => {
      const order = await orderOf(view, env);
      if (isZero(authorisedAmount(order)) || referenceOf(order) === '')
        return order.payments.length === 0
          ? 'Nothing is paid with the order: it is invoiced.'
          : 'The channel has taken the money already.';
      return isZero(captureOf(view, order).amount) ? 'Nothing is to be captured for this shipment.' : undefined;
    },
    input: async (view, env) => {
      const order = await orderOf(view, env);
      const { amount, final } = captureOf(view, order);
      return {
        order,
        reference: referenceOf(order),
        captureKey: captureKey(view),
        amount,
        currency: order.currency,
        final,
        capturedBefore: view.data.captures.map(({ id }) => id),
      };
    },
    done: (view, { captureId }, { amount, order }) => ({
      status: 'completed',
      data: {
        captures: [...view.data.captures, { shipment_id: currentShipment(view).shipment_id, amount, id: captureId }],
      },
      amount,
      attributes: { document_number: captureId, payment_method: methodOf(order) },
    }),
  }),
};
