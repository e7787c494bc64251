import { defineCall } from '../../flow.ts';
import {
  channelOf,
  currentShipment,
  type OrderCall,
  type OrderData,
  type OrderEnv,
  type OrderView,
  orderOf,
  systemOfRole,
} from '../order-data.ts';
import { afterAllocation } from '../allocations.ts';
import { addressing } from '../../../mail/notice.ts';
import { beforeInvoice } from './tax-enrich.ts';

/** Writes to the customer that goods are on their way or lie ready; the order goes on even where that fails. */
export const notifyCustomer: OrderCall = {
  kind: 'call',
  name: 'notify_customer',
  next: (view) => {
    if (view.data.units_remaining > 0) return afterAllocation(view);
    return view.estate.policies.post_invoice_on === 'shipment' ? beforeInvoice(view) : 'delivered';
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
      const order = await orderOf(view, env);
      const shipment = currentShipment(view);
      const messageId = `<${shipment.shipment_id}.${view.state.trace_id}@syncline>`;
      const told = { ...addressing(order, channelOf(view), view.estate), messageId, shipment };
      return order.fulfilment.kind === 'click_and_collect'
        ? { ...told, event: 'ready-to-collect' as const, store: nameOf(view, shipment.location) }
        : { ...told, event: 'order-shipped' as const };
    },
    done: () => ({ status: 'completed' }),
  }),
};

/** A place as customers know it; by its id where the estate no longer declares it. */
const nameOf = ({ estate }: OrderView, id: string): string =>
  estate.locations.find((location) => location.id === id)?.name ?? id;
