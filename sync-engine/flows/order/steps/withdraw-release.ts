import { allocationReference } from '#contracts/v1/key.ts';
import { defineCall } from '../../flow.ts';
import { allocationsOf, changed, warehouseAt } from '../allocations.ts';
import { NO_REROUTE, type OrderCall, type OrderData, type OrderEnv, type OrderView } from '../order-data.ts';

/** What an operator moves elsewhere is taken back from its warehouse first. Where it has left already, it stays so. */
export const withdrawRelease: OrderCall = {
  kind: 'call',
  name: 'withdraw_release',
  essential: true,
  // Refused, the order goes on where other warehouses may still have to be told.
  next: (view) => (found(view)?.withdrawn === true ? 'reallocate' : 'wms_release'),
  call: defineCall<OrderData, OrderEnv, 'cancel_release'>({
    verb: 'cancel_release',
    system: (view) => warehouseAt(view, rerouted(view).location) ?? 'none',
    input: async (view) => {
      const { n, location } = rerouted(view);
      return { reference: allocationReference(view.key, n), location };
    },
    done: (view, { shipped }) =>
      shipped
        ? {
            status: 'superseded',
            data: { reroute: NO_REROUTE },
            attributes: { reason: 'The goods had left before they could be rerouted; the order goes on.' },
          }
        : { status: 'completed', data: { allocations: changed(view.data, rerouted(view).n, { withdrawn: true }) } },
    // It would ship what another place ships too: the order stays where it is.
    passedOver: () => ({ data: { reroute: NO_REROUTE } }),
  }),
};

const found = ({ data }: OrderView) => allocationsOf(data).find(({ n }) => n === data.reroute?.n);

function rerouted(view: OrderView) {
  const allocation = found(view);
  if (allocation === undefined) throw new Error(`order ${view.key} has nothing to reroute`);
  return allocation;
}
