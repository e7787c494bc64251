import { defineCall } from '../../flow.ts';
import { channelOf, type OrderCall, type OrderData, type OrderEnv, orderOf } from '../order-data.ts';

const voidCall = defineCall<OrderData, OrderEnv, 'void_authorization'>({
  verb: 'void_authorization',
  system: (view) => channelOf(view).payment,
  skip: async (view, env) => {
    const channel = channelOf(view);
    if (view.data.canonical_seq === 0) return 'Nothing was authorised as far as the payload tells.';
    const order = await orderOf(view, env);
    if (!order.payments.some(({ kind, reference }) => kind === 'authorization' && reference !== ''))
      return 'Nothing was authorised.';
    // A channel that takes its own payments voids the authorisation when it cancels the order.
    return channel.payment === channel.system && !env.kinds.isPulled(channel.system)
      ? 'The channel voids its own authorisation.'
      : undefined;
  },
  input: async (view, env) => {
    const order = await orderOf(view, env);
    const reference = order.payments.find(({ kind }) => kind === 'authorization')?.reference ?? '';
    return { order, reference, voidKey: `void-${view.key}` };
  },
  done: () => ({ status: 'completed' }),
});

/** The customer's authorisation existed before us, so it is the first effect and the last to be undone. Never run forward. */
export const voidAuthorization: OrderCall = {
  kind: 'call',
  name: 'void_authorization',
  next: () => 'canonicalise',
  call: voidCall,
  undo: voidCall,
};
