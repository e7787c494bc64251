import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import { atLeastOne, type LeftAlone } from '../../../connectors/reading.ts';
import type { OrderEnv, OrderInline, OrderView } from '../order-data.ts';

/** Turns what arrived into the canonical order, kept as a document of its own for each payload version. */
export const canonicalise: OrderInline = {
  kind: 'inline',
  name: 'canonicalise',
  next: () => 'validate',
  run: async (view, env) => {
    const result = await canonicaliseReceived(view, env);
    if ('problems' in result) return { status: 'quarantined', problems: result.problems };
    if ('left' in result) return { status: 'completed', data: { left_alone: result.left } };
    const seq = await env.documents.keep(view.key, `canonical.${view.state.payload_version}`, result.order);
    return {
      status: 'completed',
      data: { canonical_seq: seq, tier: result.order.tier },
      dimensions: dimensionsOf(result.order),
      labels: { tier: result.order.tier },
      slaClass: isHistory(view) ? 'bulk' : classOf[result.order.tier],
      attributes: { canonical_seq: String(seq), ...referencesOf(result.order), ...paymentsOf(view, result.order) },
    };
  },
};

/** History may not stand in the way of live traffic. */
const isHistory = ({ state }: OrderView): boolean => state.dimensions.origin === 'backfill';

const classOf = { express: 'urgent', standard: 'standard', economy: 'bulk' } as const;

/** The canonical order of the received payload in force, or what is wrong with it. */
export async function canonicaliseReceived(
  view: OrderView,
  env: OrderEnv,
  raw?: string,
): Promise<{ order: Order } | { problems: [CaseProblem, ...CaseProblem[]] } | LeftAlone> {
  const bytes = raw ?? Buffer.from(await env.documents.received(view.data.received));
  const result = env.kinds.orderFormat(view.data.source).canonicalise(bytes, {
    estate: view.estate,
    system: view.data.source,
    mapping: (mappingKind, code) => env.master.mapping(mappingKind, view.data.source, code)?.target,
  });
  if (!('problems' in result)) return result;
  return { problems: atLeastOne(result.problems) };
}

const dimensionsOf = (order: Order): Partial<OrderView['state']['dimensions']> => ({
  business_key: order.number,
  occurred_at: order.placed_at,
  channel: order.channel,
  region: order.region,
  legal_entity: order.legal_entity,
  brand: order.brand,
  amount: order.totals.total,
  currency: order.currency,
});

/** Attribute values are limited in length: an order of hundreds of lines is found by its first SKUs. */
const REFERENCE_LIMIT = 1_000;

/** By what a payment system that others sell through knows the order. */
function paymentsOf({ estate }: OrderView, { channel, payments }: Order): Record<string, string> {
  const sold = estate.channels.find(({ id }) => id === channel);
  const known = payments.map(({ reference }) => reference).filter((one) => one !== '' && !/\s/.test(one));
  if (sold === undefined || sold.payment === sold.system || known.length === 0) return {};
  return { ref_payment: known.join(' ').slice(0, REFERENCE_LIMIT) };
}

function referencesOf(order: Order): Record<string, string> {
  const skus: string[] = [];
  let length = 0;
  for (const { sku } of order.lines) {
    length += sku.length + 1;
    if (length > REFERENCE_LIMIT) break;
    if (!skus.includes(sku)) skus.push(sku);
  }
  return {
    ref_external_id: order.external_id,
    ref_order_number: order.number.replaceAll(' ', ''),
    ref_sku: skus.join(' '),
    ...(order.customer.email === undefined
      ? {}
      : { ref_customer_email: order.customer.email.toLowerCase().replaceAll(' ', '') }),
    units: String(order.lines.reduce((sum, line) => sum + line.quantity, 0)),
  };
}
