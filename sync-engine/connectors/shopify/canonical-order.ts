import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Channel } from '#contracts/v1/estate.ts';
import { order as orderSchema } from '#contracts/v1/order.ts';
import { payloadOrder, type PayloadOrder } from './order-payload.ts';
import type { Canonicalised, CanonicaliseContext } from '../reading.ts';
import { channelOf, noChannelProblem, readJson, schemaProblems } from '../reading.ts';
import { canonicalAddress, clean, personName, utc } from './canonical-address.ts';
import { canonicalLine, canonicalShipping, fulfilmentOf, tierOf, tipLineTotal } from './canonical-lines.ts';
import { canonicalPayments } from './canonical-payments.ts';
import { receivedPath } from './received-path.ts';
import { shopMoney } from './shop-money.ts';
import { Decimal, sumAmounts } from '../../money.ts';

/**
 * The canonical order of a Shopify order webhook, every amount in shop money and to the cent. Test and cancelled
 * orders are canonicalised like any other: what becomes of them is policy. Problems point into the received payload.
 */
export function canonicaliseShopifyOrder(raw: string | Buffer, context: CanonicaliseContext): Canonicalised {
  const payload = readJson(payloadOrder, raw);
  if ('problems' in payload) return payload;
  const channel = channelOf(context.estate, context.system, payload.message.currency);
  if (channel === undefined) return { problems: [noChannelProblem(context.system)] };

  const problems: CaseProblem[] = [];
  const { candidate, lineSources, shippingSources } = build(payload.message, channel, context, problems);
  const parsed = orderSchema.safeParse(candidate);
  if (!parsed.success)
    problems.push(...schemaProblems(parsed.error, (path) => receivedPath(path, lineSources, shippingSources)));
  if (problems.length > 0) return { problems: onePerPlace(problems) };
  return parsed.success ? { order: parsed.data } : { problems };
}

function build(payload: PayloadOrder, channel: Channel, context: CanonicaliseContext, problems: CaseProblem[]) {
  const indexed = payload.line_items.map((line, index) => ({ line, index }));
  // A tip is counted in total_tip_received; a line that was removed before the order was placed has quantity 0.
  const goods = indexed.filter(({ line }) => line.tip == null && line.quantity !== '0');
  const charges = (payload.shipping_lines ?? [])
    .map((charge, index) => ({ charge, index }))
    .filter(({ charge }) => charge.is_removed !== true);
  const discountNames = (payload.discount_applications ?? []).map(
    (application) =>
      clean(application.code) ?? clean(application.title) ?? clean(application.description) ?? 'discount',
  );
  const customer = payload.customer ?? undefined;
  const external = customer?.id ?? undefined;
  const name = personName(customer) ?? personName(payload.billing_address) ?? personName(payload.shipping_address);
  const email = clean(payload.email) ?? clean(payload.contact_email) ?? clean(customer?.email);
  const lines = goods.map(({ line, index }) => canonicalLine(line, index, discountNames, context, problems));
  const billing = canonicalAddress(payload.billing_address);
  const shipping = canonicalAddress(payload.shipping_address);
  const cancelledAt = utc(payload.cancelled_at);

  const candidate = {
    schema_version: 1,
    system: context.system,
    external_id: payload.id,
    number: clean(payload.name) ?? (payload.order_number == null ? payload.id : `#${payload.order_number}`),
    channel: channel.id,
    region: channel.region,
    brand: channel.brand,
    legal_entity: channel.legal_entity,
    tier: tierOf(payload, context),
    placed_at: utc(payload.created_at),
    updated_at: utc(payload.updated_at) ?? utc(payload.created_at),
    currency: payload.currency,
    taxes_included: payload.taxes_included === true,
    test: payload.test === true,
    ...(cancelledAt === undefined ? {} : { cancelled_at: cancelledAt }),
    customer: {
      ...(external === undefined ? {} : { external_id: external }),
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email }),
    },
    // A billing address without a country serves nothing; a shipping address without one must be corrected.
    ...(billing === undefined || billing.country_code === '' ? {} : { billing_address: billing }),
    ...(shipping === undefined ? {} : { shipping_address: shipping }),
    fulfilment: fulfilmentOf(payload, context),
    lines,
    shipping: charges.map(({ charge }) => canonicalShipping(charge, discountNames)),
    payments: canonicalPayments(payload),
    totals: totalsOf(payload),
  };
  return {
    candidate,
    lineSources: goods.map(({ index }) => index),
    shippingSources: charges.map(({ index }) => index),
  };
}

/** As stated by the shop, not recomputed: whether they add up is a rule of its own (rules/totals.ts). */
function totalsOf(payload: PayloadOrder) {
  const stated = shopMoney(payload.total_line_items_price_set, payload.total_line_items_price);
  const tipLines = tipLineTotal(payload);
  const goods = sumAmounts(
    payload.line_items
      .filter((line) => line.tip == null)
      .map((line) => new Decimal(shopMoney(line.price_set, line.price)).times(line.quantity).toFixed()),
  );
  // Some shops count the tip among the line items: then it is taken out again, since it stands in `tip`.
  const countsTip = !tipLines.isZero() && new Decimal(goods).plus(tipLines).equals(stated);
  return {
    subtotal: countsTip ? new Decimal(stated).minus(tipLines).toFixed(2) : stated,
    discount: shopMoney(payload.total_discounts_set, payload.total_discounts),
    shipping: shopMoney(payload.total_shipping_price_set, '0.00'),
    tax: shopMoney(payload.total_tax_set, payload.total_tax),
    duties: shopMoney(payload.original_total_duties_set ?? payload.current_total_duties_set, '0.00'),
    tip: payload.total_tip_received ?? '0.00',
    total: shopMoney(payload.total_price_set, payload.total_price),
  };
}

function onePerPlace(problems: CaseProblem[]): CaseProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => !seen.has(problem.path) && seen.add(problem.path)).slice(0, 100);
}
