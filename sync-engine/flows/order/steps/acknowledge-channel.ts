import { defineCall } from '../../flow.ts';
import { channelOf, type OrderCall, type OrderData, type OrderEnv, orderOf } from '../order-data.ts';

const PULLED = 'This channel asks for the state of its orders; nothing is sent.';

/** Tells the channel that the order was taken over; undone by cancelling it there, unless the channel cancelled it. */
export const acknowledgeChannel: OrderCall = {
  kind: 'call',
  name: 'acknowledge_channel',
  next: () => 'erp_create_sales_order',
  call: defineCall<OrderData, OrderEnv, 'acknowledge_order'>({
    verb: 'acknowledge_order',
    system: (view) => channelOf(view).system,
    skip: (view, { kinds }) => (kinds.isPulled(channelOf(view).system) ? PULLED : undefined),
    input: async (view, env) => ({ order: await orderOf(view, env), orderKey: view.key }),
    done: (_view, { acknowledgedId }) => ({ status: 'completed', data: { acknowledged_id: acknowledgedId } }),
  }),
  undo: defineCall<OrderData, OrderEnv, 'cancel_order'>({
    verb: 'cancel_order',
    system: (view) => channelOf(view).system,
    skip: (view) =>
      view.state.cancellation?.by === channelOf(view).system ? 'The channel cancelled the order itself.' : undefined,
    input: async (view, env) => ({ order: await orderOf(view, env), reason: view.state.cancellation?.reason ?? '' }),
    done: () => ({ status: 'completed' }),
  }),
};
