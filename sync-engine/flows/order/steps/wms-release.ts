import { allocationReference } from '#contracts/v1/key.ts';
import { defineCall } from '../../flow.ts';
import { whyPassedOver } from '../../observed.ts';
import {
  afterAllocation,
  allocationsOf,
  changed,
  liveAllocations,
  nextToRelease,
  nextToWithdraw,
  warehouseAt,
} from '../allocations.ts';
import {
  type Allocation,
  type OrderCall,
  type OrderData,
  type OrderEnv,
  orderOf,
  type OrderView,
} from '../order-data.ts';
import { linesRemaining } from '../rules/lines-remaining.ts';

const warehouseOf = (view: OrderView, location: string | undefined): string =>
  (location === undefined ? undefined : warehouseAt(view, location)) ?? 'none';

/** Hands the order to the warehouses that hold its stock, one after the other. */
export const wmsRelease: OrderCall = {
  kind: 'call',
  name: 'wms_release',
  essential: true,
  next: (view) => {
    if (view.data.location === '') return 'erp_post_invoice';
    return nextToRelease(view) === undefined ? afterAllocation(view) : 'wms_release';
  },
  call: defineCall<OrderData, OrderEnv, 'release_order'>({
    verb: 'release_order',
    system: (view) => warehouseOf(view, (nextToRelease(view) ?? allocationsOf(view.data)[0])?.location),
    skip: (view) => {
      if (view.data.location === '') return 'Nothing in this order is shipped.';
      if (nextToRelease(view) !== undefined) return undefined;
      return untold(view);
    },
    input: async (view, env) => {
      const order = await orderOf(view, env);
      const { n, location, lines } = toRelease(view);
      // A checkpoint of before has the whole order at one location and no lines.
      const released = lines.length > 0 ? lines : linesRemaining(order, []);
      return { order, reference: allocationReference(view.key, n), location, lines: released };
    },
    done: (view, { warehouseOrderId }) => ({
      status: 'completed',
      data: {
        wms_order: view.data.wms_order || warehouseOrderId,
        allocations: changed(view.data, toRelease(view).n, { wms_order: warehouseOrderId }),
      },
      location: toRelease(view).location,
      attributes: { ref_wms_order: warehouseOrderId },
    }),
  }),
  undo: defineCall<OrderData, OrderEnv, 'cancel_release'>({
    verb: 'cancel_release',
    system: (view) => warehouseOf(view, nextToWithdraw(view)?.location),
    skip: (view) => (nextToWithdraw(view) === undefined ? 'No warehouse has anything of it.' : undefined),
    input: async (view) => {
      const { n, location } = toWithdraw(view);
      return { reference: allocationReference(view.key, n), location };
    },
    done: (view, { shipped }) => {
      const goesOn = 'The goods had left before the cancellation; the order goes on.';
      if (shipped) {
        // What a warehouse was told and nobody asked it to give back is still to be shipped by it.
        const allocations = view.data.allocations?.map((one) => (one.unasked === true ? asTold(one) : one));
        // What other warehouses gave back already is to be set aside and released again.
        const again = allocations?.some(({ withdrawn }) => withdrawn === true) === true;
        return {
          status: 'superseded',
          ...(allocations && { data: { allocations } }),
          attributes: { reason: goesOn },
          ...(again && { goOnAt: 'reallocate' }),
        };
      }
      return { status: 'completed', ...withdrawn(view) };
    },
    // Whoever does its work is to take it back; the other warehouses are still ours to ask.
    passedOver: (view) => withdrawn(view, { unasked: toWithdraw(view).wms_order !== '' }),
  }),
};

const asTold = ({ withdrawn: _, unasked: __, ...told }: Allocation): Allocation => told;

function withdrawn(view: OrderView, more: Pick<Allocation, 'unasked'> = {}) {
  const allocations = changed(view.data, toWithdraw(view).n, { withdrawn: true, ...more });
  return {
    data: { allocations },
    again: nextToWithdraw({ ...view, data: { ...view.data, allocations } }) !== undefined,
  };
}

/** Why there is no warehouse to tell. */
function untold(view: OrderView): string {
  const live = liveAllocations(view.data);
  const [first] = live;
  if (first === undefined) return 'Nothing of this order is in stock yet.';
  if (live.every(({ wms_order }) => wms_order !== '')) return 'Every warehouse has been told already.';
  const wms = view.estate.systems.find(({ id }) => id === warehouseAt(view, first.location));
  const passedOver = wms && whyPassedOver(view, wms.id);
  return passedOver ?? `${first.location} has no warehouse system; staff pick from the order list.`;
}

function toRelease(view: OrderView) {
  const allocation = nextToRelease(view);
  if (allocation === undefined) throw new Error(`order ${view.key} has nothing to release`);
  return allocation;
}

function toWithdraw(view: OrderView) {
  const allocation = nextToWithdraw(view);
  if (allocation === undefined) throw new Error(`order ${view.key} has nothing to withdraw`);
  return allocation;
}
