import { defineCall } from '../../flow.ts';
import { channelOf } from '../../order/order-data.ts';
import { refundKey } from '../rules/refund-key.ts';
import {
  givesBackItself,
  isOnAccount,
  orderOf,
  refundOf,
  type ReturnCall,
  type ReturnData,
  type ReturnEnv,
  type ReturnView,
} from '../return-data.ts';

/** Tells the channel what came back and was given for it, where it does not know already. */
export const channelRefund: ReturnCall = {
  kind: 'call',
  name: 'channel_refund',
  next: () => 'close',
  call: defineCall<ReturnData, ReturnEnv, 'record_refund'>({
    verb: 'record_refund',
    system: (view) => channelOf(view).system,
    skip: (view, env) => knownBecause(view, env),
    input: async (view, env) => ({
      order: (await orderOf(view, env)).order,
      refund: refundOf(view),
      refundKey: refundKey(view.key, 0),
      returnNumber: view.data.number,
    }),
    done: (_view, { refundId }) => ({ status: 'completed', attributes: { channel_refund: refundId } }),
  }),
};

function knownBecause(view: ReturnView, env: ReturnEnv): string | undefined {
  const { kinds, offers } = env;
  const { system, payment } = channelOf(view);
  const atTill = view.data.given?.at_till === true;
  if (view.data.given !== undefined && !atTill) return 'The channel gave the refund itself.';
  if (givesBackItself(view, env)) return 'The marketplace gives the money back by itself.';
  if (kinds.isPulled(system)) return 'This channel asks for the state of its orders; nothing is sent.';
  if (payment === system && !atTill && !isOnAccount(view))
    return 'The channel recorded the return with its own refund.';
  return offers(system, 'record_refund') ? undefined : 'The channel takes no refunds from us.';
}
