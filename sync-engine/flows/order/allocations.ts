import { allocationReference } from '#contracts/v1/key.ts';
import type { Order } from '#contracts/v1/order.ts';
import { type Allocation, channelOf, type OrderData, type OrderView } from './order-data.ts';
import { without } from './rules/allocate.ts';
import { linesRemaining, type RemainingLine } from './rules/lines-remaining.ts';

/** An order is sent in at most so many parcels at a time. */
export const MAX_PARCELS = 3;

/**
 * What locations are to ship. A checkpoint written before orders could be shared out has one allocation without lines:
 * with the order at hand it has those of the order.
 */
export function allocationsOf(data: OrderData, order?: Order): Allocation[] {
  if (data.allocations !== undefined) return data.allocations;
  if (data.location === '') return [];
  const lines = order === undefined ? [] : linesRemaining(order, []);
  return [{ n: 1, location: data.location, lines, wms_order: data.wms_order }];
}

/** Allocations that somebody is to ship. */
export const liveAllocations = (data: OrderData, order?: Order): Allocation[] =>
  allocationsOf(data, order).filter(({ withdrawn }) => withdrawn !== true);

/** The highest number that was given to an allocation. */
export const lastAllocation = ({ last_allocation, location }: OrderData): number =>
  last_allocation ?? (location === '' ? 0 : 1);

/** What of an allocation has not been shipped. */
export const openLines = (allocation: Allocation, data: OrderData): RemainingLine[] =>
  without(allocation.lines, linesShipped(allocation, data));

/** What of an allocation has been shipped. */
export const linesShipped = ({ n }: Allocation, { shipments }: OrderData) =>
  shipments.filter(({ allocation = 1 }) => allocation === n).flatMap(({ lines }) => lines);

/** The estate's warehouse system at a location, if it has one. */
export const warehouseAt = ({ estate }: Pick<OrderView, 'estate'>, location: string): string | undefined =>
  estate.locations.find(({ id }) => id === location)?.wms;

type Looking = Pick<OrderView, 'estate' | 'state' | 'data'>;

/** Has a location a warehouse system that nothing of the order was kept from yet? */
function isAsked({ estate, state }: Omit<Looking, 'data'>, location: string): boolean {
  const wms = warehouseAt({ estate }, location);
  return wms !== undefined && state.passed_over?.includes(wms) !== true;
}

/**
 * The allocation that a warehouse is to be told of next, or would be, were it not only observed. It is not asked who is: what
 * is under way at one warehouse would become another one's with the mode.
 */
export const nextToRelease = (view: Looking): Allocation | undefined =>
  liveAllocations(view.data).find(({ wms_order, location }) => wms_order === '' && isAsked(view, location));

/**
 * The allocation that a warehouse is to give back next: the last one first, one that it may never have heard of too. What it was
 * told while it was live stays told.
 */
export const nextToWithdraw = (view: Looking): Allocation | undefined =>
  liveAllocations(view.data).findLast(
    ({ wms_order, location }) =>
      isAsked(view, location) || (wms_order !== '' && warehouseAt(view, location) !== undefined),
  );

/** Does its warehouse know of an allocation, or may it, because the answer to a release was lost? */
export const mayBeKnown = (view: Looking, { n, wms_order }: Allocation): boolean =>
  wms_order !== '' ||
  (view.state.step === 'wms_release' && view.state.may_exist === true && nextToRelease(view)?.n === n);

/** References under which the stock service may hold something for the order, an attempt under way included. */
export function stockReferences(view: OrderView): string[] {
  const last = lastAllocation(view.data);
  const { split_shipments, backorders } = channelOf(view);
  const attempted = split_shipments || backorders ? MAX_PARCELS : 1;
  return Array.from({ length: last + attempted }, (_, i) => allocationReference(view.key, i + 1));
}

export const changed = (data: OrderData, n: number, change: Partial<Allocation>): Allocation[] =>
  allocationsOf(data).map((one) => (one.n === n ? { ...one, ...change } : one));

/** Where the flow goes on once goods are on their way, or there is nothing to send them from. */
export function afterAllocation({ data }: Pick<OrderView, 'data'>): 'shipment_confirmed' | 'await_stock' {
  const waiting = (data.backordered ?? []).reduce((sum, { quantity }) => sum + quantity, 0);
  if (waiting === 0) return 'shipment_confirmed';
  const open = liveAllocations(data).some((one) => openLines(one, data).length > 0);
  return open ? 'shipment_confirmed' : 'await_stock';
}
