import type { CommandRequest } from '#contracts/v1/commands.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import {
  changed,
  linesShipped,
  liveAllocations,
  mayBeKnown,
  openLines,
  warehouseAt,
} from '../flows/order/allocations.ts';
import {
  type Allocation,
  NO_REROUTE,
  type OrderData,
  type OrderEnv,
  type OrderView,
} from '../flows/order/order-data.ts';
import { decision } from '../flows/decisions.ts';
import { whyPassedOver } from '../flows/observed.ts';
import type { Runner } from '../flows/runner.ts';
import type { Transition } from '../flows/transitions.ts';
import type { Kicks } from '../work/kicks.ts';
import { amended } from './order-commands.ts';
import { authorise, replying } from './replies.ts';

export interface RerouteCommandsOptions {
  orders: Runner<OrderData, OrderEnv>;
  kicks: Pick<Kicks, 'after'>;
}

/** Reroute an order, recorded on the order itself. */
export function rerouteCommands({ orders, kicks }: RerouteCommandsOptions): Pick<CommandHandlers, 'order.reroute'> {
  return {
    'order.reroute': ({ key, ...request }) =>
      replying(async () => {
        authorise(request.actor, 'orders.control');
        await kicks.after({ flow: 'order_to_cash', key }, () => amended(orders, key, (view) => reroute(view, request)));
        return { ok: true, message: `The order is being moved to ${request.to}.` };
      }),
  };
}

type Refused = { refuse: string };
type Request = Pick<CommandRequest<'order.reroute'>, 'actor' | 'from' | 'to' | 'reason'>;

/** Steps at which an order waits for a warehouse, or for a person because of one. */
const AT_A_WAREHOUSE = ['wms_release', 'shipment_confirmed', 'await_stock'];

/**
 * Moves what a location has not shipped to another one: its warehouse gives it back, stock is set aside at the new place
 * and released there. An order stopped because it has no stock anywhere is allocated at the new place instead.
 */
export function reroute(view: OrderView, request: Request): Transition<OrderData> | Refused {
  const { state, estate } = view;
  const { to } = request;
  if (state.phase === 'finished') return { refuse: 'The order is finished; there is nothing left to reroute.' };
  if (state.phase === 'compensating') return { refuse: 'The order is being cancelled.' };
  if (!estate.locations.some(({ id }) => id === to))
    return { refuse: `The location "${to}" is not in the estate. Name one that is.` };
  if (state.running !== undefined)
    return { refuse: 'A system is being called for this order just now. Try again in a moment.' };
  if (state.step === 'reserve_stock' || state.step === 'reallocate') {
    if (state.blocked_by === undefined) return { refuse: 'Stock is being set aside just now. Try again in a moment.' };
    return moved(view, request, { reroute: { n: 0, to } }, state.step);
  }
  if (!AT_A_WAREHOUSE.includes(state.step))
    return { refuse: 'The order is not with a warehouse. It can be rerouted once it is, until it has shipped.' };
  const found = allocationToMove(view, request.from);
  if ('refuse' in found) return found;
  if (found.location === to) return { refuse: `It ships from "${to}" already.` };
  if (linesShipped(found, view.data).length > 0)
    return { refuse: `A part of it has left ${found.location}; only what has not begun to ship can be moved.` };
  const data = { reroute: { n: found.n, to } };
  const wms = warehouseAt(view, found.location);
  const silent = wms === undefined ? 'it has no warehouse system' : whyPassedOver(view, wms);
  if (silent === undefined) return moved(view, request, data, 'withdraw_release');
  if (wms !== undefined && mayBeKnown(view, found))
    return {
      refuse: `"${found.location}" was told to ship it, and cannot be told otherwise: ${silent}. It would be shipped twice.`,
    };
  // Where no system was told there is none to ask: the place's own staff is told by whoever moves the order.
  const allocations = changed(view.data, found.n, { withdrawn: true });
  return moved(view, request, { ...data, allocations }, 'reallocate');
}

function allocationToMove(view: OrderView, from: string | undefined): Allocation | Refused {
  const open = liveAllocations(view.data).filter((one) => from === undefined || one.location === from);
  const [first, second] = open.filter((one) => one.lines.length === 0 || openLines(one, view.data).length > 0);
  if (first === undefined)
    return {
      refuse: from === undefined ? 'Nothing of this order is to be shipped.' : `Nothing of it ships from "${from}".`,
    };
  if (second !== undefined) return { refuse: 'Several locations ship this order. Say from which it is to be moved.' };
  return first;
}

function moved(view: OrderView, request: Request, data: Partial<OrderData>, step: string): Transition<OrderData> {
  const { blocked_by, replaying, resume_at: _, resume_in_doubt: __, may_exist: ___, ...state } = view.state;
  const caseId = blocked_by ?? replaying?.case_id;
  const { actor, to, reason, from = '' } = request;
  return {
    record: decision(view, 'reroute_requested', { by: actor.id, from, to, reason }),
    state: {
      ...state,
      step,
      // A release whose answer was lost is there to be undone, whatever comes meanwhile.
      effects: step === 'withdraw_release' ? [...new Set([...state.effects, 'wms_release'])] : state.effects,
      attempt: 0,
      data: { ...view.data, reroute: NO_REROUTE, ...data },
      ...(caseId !== undefined && {
        resolving: { case_id: caseId, outcome: `The order was rerouted to ${to}.`, status: 'resolved' as const },
      }),
    },
  };
}
