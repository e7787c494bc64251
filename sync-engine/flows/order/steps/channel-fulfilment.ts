import { defineCall } from '../../flow.ts';
import { channelOf, currentShipment, type OrderCall, type OrderData, type OrderEnv, orderOf } from '../order-data.ts';
import { canonicalShipment } from '../shipment.ts';

/** Tells the channel what has shipped, with the tracking number. */
export const channelFulfilment: OrderCall = {
  kind: 'call',
  name: 'channel_fulfilment',
  next: () => 'notify_customer',
  call: defineCall<OrderData, OrderEnv, 'create_fulfilment'>({
    verb: 'create_fulfilment',
    system: (view) => channelOf(view).system,
    skip: (view, { kinds }) =>
      kinds.isPulled(channelOf(view).system)
        ? 'This channel asks for the state of its orders; nothing is sent.'
        : undefined,
    input: async (view, env) => ({
      order: await orderOf(view, env),
      shipment: canonicalShipment(view.key, currentShipment(view)),
    }),
    done: (view, { fulfilmentId }) => ({
      status: 'completed',
      attributes: { fulfilment_id: fulfilmentId, shipped_at: currentShipment(view).shipped_at },
    }),
  }),
};
