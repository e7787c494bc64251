import { defineCall } from '../../flow.ts';
import {
  currentShipment,
  type OrderCall,
  type OrderData,
  type OrderEnv,
  orderOf,
  systemOfRole,
} from '../order-data.ts';
import { afterAllocation } from '../allocations.ts';
import { canonicalShipment } from '../shipment.ts';

/** Writes to the customer that goods are on their way; the order goes on even where that fails. */
export const notifyCustomer: OrderCall = {
  kind: 'call',
  name: 'notify_customer',
  next: ({ data, estate }) => {
    if (data.units_remaining > 0) return afterAllocation({ data });
    return estate.policies.post_invoice_on === 'shipment' ? 'erp_post_invoice' : 'delivered';
  },
  call: defineCall<OrderData, OrderEnv, 'notify_customer'>({
    verb: 'notify_customer',
    system: (view) => systemOfRole(view.estate, 'notification') ?? 'none',
    skip: async (view, env) => {
      if (systemOfRole(view.estate, 'notification') === undefined) return 'The estate notifies nobody.';
      if (view.state.dimensions.origin === 'backfill') return 'Nobody is written to about the past.';
      const order = await orderOf(view, env);
      return order.customer.email === undefined ? 'The order names no e-mail address.' : undefined;
    },
    input: async (view, env) => {
      const shipment = currentShipment(view);
      const messageId = `<${shipment.shipment_id}.${view.state.trace_id}@syncline>`;
      return { order: await orderOf(view, env), shipment: canonicalShipment(view.key, shipment), messageId };
    },
    done: () => ({ status: 'completed' }),
  }),
};
