import { defineCall } from '../../flow.ts';
import { type OrderCall, type OrderData, type OrderEnv, orderOf, type OrderView } from '../order-data.ts';

const warehouseOf = (view: OrderView): string =>
  view.estate.locations.find(({ id }) => id === view.data.location)?.wms ?? 'none';

/** Hands the order to the warehouse that holds its stock. */
export const wmsRelease: OrderCall = {
  kind: 'call',
  name: 'wms_release',
  next: (view) => (view.data.location === '' ? 'erp_post_invoice' : 'shipment_confirmed'),
  call: defineCall<OrderData, OrderEnv, 'release_order'>({
    verb: 'release_order',
    system: warehouseOf,
    skip: (view) => {
      if (view.data.location === '') return 'Nothing in this order is shipped.';
      return warehouseOf(view) === 'none'
        ? `${view.data.location} has no warehouse system; staff pick from the order list.`
        : undefined;
    },
    input: async (view, env) => {
      const order = await orderOf(view, env);
      const lines = order.lines
        .filter((line) => line.requires_shipping)
        .map(({ line_id, sku, quantity }) => ({ line_id, sku, quantity }));
      return { order, reference: view.key, location: view.data.location, lines };
    },
    done: (_view, { warehouseOrderId }) => ({
      status: 'completed',
      data: { wms_order: warehouseOrderId },
      attributes: { ref_wms_order: warehouseOrderId },
    }),
  }),
  undo: defineCall<OrderData, OrderEnv, 'cancel_release'>({
    verb: 'cancel_release',
    system: warehouseOf,
    input: async (view) => ({ reference: view.key, location: view.data.location }),
    done: (_view, { shipped }) =>
      shipped
        ? {
            status: 'superseded',
            attributes: { reason: 'The goods had left before the cancellation; the order goes on.' },
          }
        : { status: 'completed' },
  }),
};
