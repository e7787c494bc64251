import { defineCall } from '../../flow.ts';
import { channelOf, type OrderCall, type OrderData, type OrderEnv, orderOf } from '../order-data.ts';
import { afterInvoice } from './erp-post-invoice.ts';

/** Sends who ordered on account the invoice that the ERP has posted, under the ERP's number. */
export const channelInvoice: OrderCall = {
  kind: 'call',
  name: 'channel_invoice',
  next: afterInvoice,
  call: defineCall<OrderData, OrderEnv, 'send_invoice'>({
    verb: 'send_invoice',
    system: (view) => channelOf(view).system,
    skip: (view) => (view.data.invoice.number === '' ? 'Nothing was invoiced.' : undefined),
    input: async (view, env) => {
      const { invoice, shipments } = view.data;
      const shippedAt = shipments.at(-1)?.shipped_at;
      return {
        order: await orderOf(view, env),
        number: invoice.number,
        issuedAt: invoice.posted_at ?? view.state.dimensions.occurred_at,
        ...(shippedAt === undefined ? {} : { shippedAt }),
      };
    },
    done: (_view, { invoiceId }) => ({ status: 'completed', attributes: { ref_invoice: invoiceId } }),
  }),
};
