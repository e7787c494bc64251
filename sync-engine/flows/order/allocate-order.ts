import { allocationReference } from '#contracts/v1/key.ts';
import type { Order } from '#contracts/v1/order.ts';
import { ReservedElsewhere } from '../../stock/request.ts';
import { allocationsOf, lastAllocation, MAX_PARCELS, openLines } from './allocations.ts';
import { type Allocation, channelOf, NO_REROUTE, type OrderEnv, type OrderView } from './order-data.ts';
import { type AllocationPlan, planAllocation, without } from './rules/allocate.ts';
import { linesRemaining, type RemainingLine } from './rules/lines-remaining.ts';

/** Stock of a moment may be gone at the next: so often is the plan made again. */
const PLANS = 3;

export interface Allocated {
  /** Those that stand, and the new ones. */
  allocations: Allocation[];
  last_allocation: number;
  /** What no location holds; only where the channel lets orders wait. */
  backordered: RemainingLine[];
}

export interface Short {
  short: RemainingLine[];
  locations: readonly string[];
}

/** Where an order may come from, in order of preference. */
export function candidates(view: OrderView, order: Order): readonly string[] {
  const { to } = view.data.reroute ?? NO_REROUTE;
  return to === '' ? sources(view, order) : [to];
}

/** The same, whatever an operator wants just now. */
export function sources(view: OrderView, order: Order): readonly string[] {
  return order.fulfilment.location === undefined ? channelOf(view).locations : [order.fulfilment.location];
}

/** What of the order nobody is to ship yet. */
export function unallocated(view: OrderView, order: Order): { kept: Allocation[]; open: RemainingLine[] } {
  const { data } = view;
  // Until a warehouse is told, all of it is set aside anew: an attempt that failed may have given back what there was.
  const anew = data.lines_changed || view.state.step === 'reserve_stock';
  const kept = anew ? [] : allocationsOf(data, order).filter(({ withdrawn }) => withdrawn !== true);
  const shipped = data.shipments.flatMap(({ lines }) => lines);
  const open = without(
    linesRemaining(order, shipped),
    kept.flatMap((one) => openLines(one, data)),
  );
  return { kept, open };
}

/**
 * Sets stock aside for what nobody is to ship yet: at one location if one holds all of it, over several where the channel
 * sends parcels apart. Everything, or with backorders as much as there is; otherwise nothing. It may be repeated: what an
 * attempt before left half done is given back first.
 * @throws StockUnavailable, ReservedElsewhere
 */
export async function allocateOrder(view: OrderView, env: OrderEnv, order: Order): Promise<Allocated | Short> {
  const { kept, open } = unallocated(view, order);
  for (const { n } of allocationsOf(view.data, order))
    if (!kept.some((one) => one.n === n)) await env.stock.unreserveOrder(allocationReference(view.key, n));
  const locations = candidates(view, order);
  const last = lastAllocation(view.data);
  if (open.length === 0) return { allocations: kept, last_allocation: last, backordered: [] };
  const next = last + 1;
  const { split_shipments, backorders } = channelOf(view);
  const shares = split_shipments || backorders;
  if (shares) await giveBack(view, env, next + 1);
  const together = await env.stock.reserveOrder({
    order_key: allocationReference(view.key, next),
    lines: stockLines(open),
    locations,
  });
  if (together.ok) {
    const whole: Allocation = { n: next, location: together.location, lines: open, wms_order: '' };
    return { allocations: [...kept, whole], last_allocation: next, backordered: [] };
  }
  if (!shares) return { short: shortOf(open, together.short), locations };
  for (let i = 0; i < PLANS; i++) {
    await giveBack(view, env, next);
    const plan = await planFor(view, env, open, locations);
    if (plan.short.length > 0 && !backorders) return { short: plan.short, locations };
    const added = await reserveEach(view, env, plan, next);
    if (added !== undefined)
      return {
        allocations: [...kept, ...added],
        last_allocation: next + added.length - 1,
        backordered: plan.short,
      };
  }
  throw new ReservedElsewhere(view.key);
}

/** What an attempt before may have reserved from this number on. */
async function giveBack(view: OrderView, env: OrderEnv, from: number): Promise<void> {
  const last = lastAllocation(view.data) + MAX_PARCELS;
  const numbers = Array.from({ length: last - from + 1 }, (_, i) => from + i);
  await Promise.all(numbers.map((n) => env.stock.unreserveOrder(allocationReference(view.key, n))));
}

/** How the open lines would be shared out just now. */
export async function planFor(
  view: OrderView,
  env: Pick<OrderEnv, 'stock'>,
  lines: readonly RemainingLine[],
  locations: readonly string[],
): Promise<AllocationPlan> {
  const held = await env.stock.positions([...new Set(lines.map(({ sku }) => sku))]);
  const free = new Map(held.map(({ sku, location, on_hand, reserved }) => [`${location} ${sku}`, on_hand - reserved]));
  return planAllocation({
    lines,
    locations,
    available: (sku, location) => free.get(`${location} ${sku}`) ?? 0,
    maxLocations: channelOf(view).split_shipments ? MAX_PARCELS : 1,
  });
}

/** @returns undefined where somebody was faster; what was reserved is given back with the next plan. */
async function reserveEach(
  view: OrderView,
  env: OrderEnv,
  plan: AllocationPlan,
  next: number,
): Promise<Allocation[] | undefined> {
  const added: Allocation[] = [];
  for (const [i, { location, lines }] of plan.allocations.entries()) {
    const n = next + i;
    const reference = allocationReference(view.key, n);
    const reserved = await env.stock.reserveOrder({
      order_key: reference,
      lines: stockLines(lines),
      locations: [location],
    });
    if (!reserved.ok) return undefined;
    added.push({ n, location, lines, wms_order: '' });
  }
  return added;
}

const stockLines = (lines: readonly RemainingLine[]) => lines.map(({ sku, quantity }) => ({ sku, quantity }));

/** The lines of SKUs that were short at every location. */
function shortOf(lines: readonly RemainingLine[], short: readonly { sku: string }[]): RemainingLine[] {
  const skus = new Set(short.map(({ sku }) => sku));
  return lines.filter(({ sku }) => skus.has(sku));
}
