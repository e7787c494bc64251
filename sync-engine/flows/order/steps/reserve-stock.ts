import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { Outcome } from '../../flow.ts';
import { channelOf, orderOf, type OrderData, type OrderInline, type OrderView } from '../order-data.ts';
import { linesFingerprint } from '../rules/lines-fingerprint.ts';

const shippable = (order: Order) =>
  order.lines.filter((line) => line.requires_shipping).map(({ sku, quantity }) => ({ sku, quantity }));

/** Sets stock aside at one location: the one the order names, or the channel's first that holds every line. */
export const reserveStock: OrderInline = {
  kind: 'inline',
  name: 'reserve_stock',
  next: () => 'acknowledge_channel',
  run: async (view, env) => {
    const order = await orderOf(view, env);
    const lines = shippable(order);
    // A correction changed the lines: what was set aside for the former ones goes back first.
    if (view.data.lines_changed) await env.stock.unreserveOrder(view.key);
    if (lines.length === 0)
      return {
        status: 'skipped',
        data: { location: '', reserved_lines: '' },
        attributes: { reason: 'Nothing in this order is shipped.' },
      };
    const locations = candidates(view, order);
    const result = await env.stock.reserveOrder({ order_key: view.key, lines, locations });
    if (!result.ok) return shortage(order, locations, result.short);
    return {
      status: 'completed',
      data: { location: result.location, reserved_lines: linesFingerprint(order), lines_changed: false },
      dimensions: { location: result.location },
      location: result.location,
      attributes: { units: String(lines.reduce((sum, line) => sum + line.quantity, 0)) },
    };
  },
  dryRun: async (view, env) => {
    const order = await orderOf(view, env);
    const lines = order.lines.filter((line) => line.requires_shipping);
    if (lines.length === 0) return { status: 'would_skip', note: 'Nothing in this order is shipped.' };
    const offered = await env.stock.availability({ skus: [...new Set(lines.map(({ sku }) => sku))] });
    const location = candidates(view, order).find((candidate) =>
      lines.every(({ sku, quantity }) =>
        offered.some(
          (item) =>
            item.sku === sku &&
            item.location === candidate &&
            item.on_hand - item.reserved - item.safety_stock >= quantity,
        ),
      ),
    );
    if (location === undefined) return { status: 'problem', problem: nowhereEnough };
    return { status: 'passed', note: `${location} holds every line just now.`, data: { location } };
  },
  undo: async (view, env) => {
    await env.stock.releaseOrder(view.key);
    return { status: 'completed', data: { reserved_lines: '' } };
  },
};

const nowhereEnough: CaseProblem = {
  error_class: 'stock',
  error_code: 'insufficient_stock',
  path: '/lines',
  document: 'canonical',
  message: 'No location holds every line just now.',
};

const candidates = (view: OrderView, order: Order): string[] =>
  order.fulfilment.location === undefined ? channelOf(view).locations : [order.fulfilment.location];

function shortage(order: Order, locations: readonly string[], short: readonly { sku: string }[]): Outcome<OrderData> {
  const [first] = short;
  const line = order.lines.findIndex(({ sku }) => sku === first?.sku);
  const where = locations.length === 1 ? locations[0] : `any of ${locations.length} locations`;
  return {
    status: 'quarantined',
    problems: [
      {
        error_class: 'stock',
        error_code: 'insufficient_stock',
        path: line < 0 ? '/lines' : `/lines/${line}/sku`,
        document: 'canonical',
        message: `There is not enough of ${[...new Set(short.map(({ sku }) => sku))].join(', ')} at ${where} to fill this order. Replay it when stock has come in, or cancel it.`,
      },
    ],
  };
}
