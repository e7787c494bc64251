import { addressing } from '../../../mail/notice.ts';
import { sumAmounts } from '../../../money.ts';
import { defineCall } from '../../flow.ts';
import { channelOf, systemOfRole } from '../../order/order-data.ts';
import { refundOf, type ReturnCall, type ReturnData, type ReturnEnv } from '../return-data.ts';

/** Writes to the customer that money is on its way back; the return goes on even where that fails. */
export const notifyCustomer: ReturnCall = {
  kind: 'call',
  name: 'notify_customer',
  next: () => 'erp_post_credit',
  call: defineCall<ReturnData, ReturnEnv, 'notify_customer'>({
    verb: 'notify_customer',
    system: (view) => systemOfRole(view.estate, 'notification') ?? 'none',
    skip: async (view, env) => {
      if (systemOfRole(view.estate, 'notification') === undefined) return 'The estate notifies nobody.';
      if (view.state.dimensions.origin === 'backfill') return 'Nobody is written to about the past.';
      if (view.data.refunds.length === 0) return 'No money was given back.';
      const order = await env.orders.whole(view.data.order_key);
      if (order === undefined) return 'The customer’s address is no longer kept.';
      return order.customer.email === undefined ? 'The order names no e-mail address.' : undefined;
    },
    input: async (view, env) => {
      const order = await env.orders.whole(view.data.order_key);
      if (order === undefined) throw new Error(`the order of return ${view.key} is no longer kept`);
      const { currency, lines } = refundOf(view);
      const given = view.data.shares.slice(0, view.data.refunds.length);
      return {
        ...addressing(order, channelOf(view), view.estate),
        event: 'refund-made',
        refund: { amount: sumAmounts(given.map(({ amount }) => amount)), currency, lines },
        returnNumber: view.data.number,
        messageId: `<refund.${view.data.refunds.at(-1) ?? ''}.${view.state.trace_id}@syncline>`,
      };
    },
    done: () => ({ status: 'completed' }),
  }),
};
