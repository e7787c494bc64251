import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { Foreseen, Outcome } from '../../flow.ts';
import { allocateOrder, candidates, planFor, type Short, sources, unallocated } from '../allocate-order.ts';
import { stockReferences } from '../allocations.ts';
import {
  channelOf,
  NO_REROUTE,
  orderOf,
  type OrderData,
  type OrderEnv,
  type OrderInline,
  type OrderView,
} from '../order-data.ts';
import { linesFingerprint } from '../rules/lines-fingerprint.ts';
import type { RemainingLine } from '../rules/lines-remaining.ts';

/**
 * Sets stock aside: at one location, the one the order names or the channel's first that holds every line; over several,
 * or only what there is, where the channel's terms allow it.
 */
export const reserveStock: OrderInline = {
  kind: 'inline',
  name: 'reserve_stock',
  next: () => 'acknowledge_channel',
  run: allocate,
  dryRun: async (view, env) => {
    const order = await orderOf(view, env);
    return order.lines.some((line) => line.requires_shipping)
      ? foresee(view, env, order)
      : { status: 'would_skip', note: 'Nothing in this order is shipped.' };
  },
  undo: async (view, env) => {
    await Promise.all(stockReferences(view).map((reference) => env.stock.releaseOrder(reference)));
    await env.backorders.end(view.key);
    return { status: 'completed', data: { reserved_lines: '' } };
  },
};

/** The same for what nobody is to ship any more or yet: given back by a warehouse, rerouted, come into stock. */
export const reallocate: OrderInline = {
  kind: 'inline',
  name: 'reallocate',
  next: () => 'wms_release',
  run: allocate,
};

async function allocate(view: OrderView, env: OrderEnv): Promise<Outcome<OrderData>> {
  const order = await orderOf(view, env);
  if (!order.lines.some((line) => line.requires_shipping))
    return {
      status: 'skipped',
      data: { location: '', allocations: [], reserved_lines: '' },
      attributes: { reason: 'Nothing in this order is shipped.' },
    };
  const allocated = await allocateOrder(view, env, order);
  if ('short' in allocated) return shortage(order, allocated);
  const { allocations, backordered } = allocated;
  const locations = candidates(view, order);
  // Before the checkpoint says so: told too early that there is stock, an order only says that it does not wait.
  if (backordered.length > 0)
    await env.backorders.wait(view.key, {
      placed_at: order.placed_at,
      locations: [...sources(view, order)],
      lines: backordered.map(({ sku, quantity }) => ({ sku, quantity })),
    });
  else if ((view.data.backordered ?? []).length > 0) await env.backorders.end(view.key);
  const location = allocations[0]?.location ?? locations[0] ?? '';
  return {
    status: 'completed',
    data: {
      ...allocated,
      location,
      reserved_lines: linesFingerprint(order),
      lines_changed: false,
      reroute: NO_REROUTE,
    },
    dimensions: { location },
    location,
    attributes: {
      units: String(units(allocations.flatMap(({ lines }) => lines))),
      ...(allocations.length > 1 && { locations: allocations.map((one) => one.location).join(', ') }),
      ...(backordered.length > 0 && { backordered_units: String(units(backordered)) }),
    },
  };
}

const units = (lines: readonly RemainingLine[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);

async function foresee(view: OrderView, env: OrderEnv, order: Order): Promise<Foreseen<OrderData>> {
  const { kept, open } = unallocated(view, order);
  const { allocations, short } = await planFor(view, env, open, candidates(view, order));
  if (short.length > 0 && !channelOf(view).backorders) return { status: 'problem', problem: nowhereEnough };
  const planned = allocations.map((one, i) => ({ ...one, n: kept.length + i + 1, wms_order: '' }));
  const location = planned[0]?.location ?? candidates(view, order)[0] ?? '';
  const where = allocations.length === 1 ? `${location} holds every line just now.` : `${allocations.length} parcels.`;
  return {
    status: 'passed',
    note: short.length > 0 ? `${units(short)} units would wait for stock.` : where,
    data: { location, allocations: [...kept, ...planned], backordered: short },
  };
}

const nowhereEnough: CaseProblem = {
  error_class: 'stock',
  error_code: 'insufficient_stock',
  path: '/lines',
  document: 'canonical',
  message: 'No location holds every line just now.',
};

function shortage(order: Order, { short, locations }: Short): Outcome<OrderData> {
  const line = order.lines.findIndex(({ line_id }) => line_id === short[0]?.line_id);
  const where = locations.length === 1 ? locations[0] : `any of ${locations.length} locations`;
  return {
    status: 'quarantined',
    problems: [
      {
        ...nowhereEnough,
        path: line < 0 ? '/lines' : `/lines/${line}/sku`,
        message: `There is not enough of ${[...new Set(short.map(({ sku }) => sku))].join(', ')} at ${where} to fill this order. Replay it when stock has come in, send it from another location, or cancel it.`,
      },
    ],
  };
}
