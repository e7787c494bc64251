import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { payloadShippingLine, PayloadLine, PayloadOrder } from './order-payload.ts';
import { jsonPointer } from '../../json-pointer.ts';
import { type Amount, Decimal, sumAmounts } from '../../money.ts';
import { locationsByPlace } from '../places.ts';
import type { CanonicaliseContext } from '../reading.ts';
import { clean } from './canonical-address.ts';
import { shopMoney } from './shop-money.ts';

type PayloadTax = NonNullable<PayloadLine['tax_lines']>[number];
type Allocation = NonNullable<PayloadLine['discount_allocations']>[number];

/** One line. A line without a usable SKU is a problem that a mapping of its code cures. */
export function canonicalLine(
  line: PayloadLine,
  index: number,
  discountNames: readonly string[],
  context: CanonicaliseContext,
  problems: CaseProblem[],
) {
  const duties = line.duties ?? [];
  const dutyTaxes = duties.flatMap((duty) => duty.tax_lines ?? []);
  return {
    line_id: line.id,
    sku: skuOf(line, index, context, problems),
    title: (clean(line.name) ?? line.title).slice(0, 500),
    quantity: Number(line.quantity),
    unit_price: shopMoney(line.price_set, line.price),
    discounts: discountsOf(line, discountNames),
    taxes: [...(line.tax_lines ?? []), ...dutyTaxes].map(canonicalTax),
    duties: sumAmounts(duties.map((duty) => (duty.shop_money ?? duty.price?.shop_money)?.amount ?? '0.00')),
    requires_shipping: line.requires_shipping === true,
    gift_card: line.gift_card === true,
  };
}

export function canonicalShipping(charge: z.infer<typeof payloadShippingLine>, discountNames: readonly string[]) {
  return {
    code: (clean(charge.code) ?? '').slice(0, 100),
    title: charge.title.slice(0, 300),
    price: shopMoney(charge.price_set, charge.price),
    discounts: (charge.discount_allocations ?? []).map((allocation) => discountOf(allocation, discountNames)),
    taxes: (charge.tax_lines ?? []).map(canonicalTax),
  };
}

/** What the lines that are tips add up to. */
export function tipLineTotal(payload: PayloadOrder): Amount {
  return payload.line_items
    .filter((line) => line.tip != null)
    .reduce(
      (sum, line) => sum.plus(new Decimal(shopMoney(line.price_set, line.price)).times(line.quantity)),
      new Decimal(0),
    );
}

/** The SLA tier of the chosen shipping method: by mapping, else by what its name says. */
export function tierOf(payload: PayloadOrder, context: CanonicaliseContext): Order['tier'] {
  for (const charge of payload.shipping_lines ?? []) {
    const code = clean(charge.code) ?? charge.title;
    const mapped = context.mapping('shipping_method', code);
    if (mapped === 'express' || mapped === 'standard' || mapped === 'economy') return mapped;
    const words = `${code} ${charge.title}`.toLowerCase();
    if (/express|overnight|next[ -_]?day|same[ -_]?day|priority/.test(words)) return 'express';
    if (/economy|saver|surface/.test(words)) return 'economy';
  }
  return 'standard';
}

export function fulfilmentOf(payload: PayloadOrder, context: CanonicaliseContext): Order['fulfilment'] {
  const pickup = (payload.shipping_lines ?? []).some((charge) =>
    /^(local_)?pick_?up$/i.test(charge.delivery_category ?? ''),
  );
  if (!pickup) return { kind: 'ship' };
  const settings = context.estate.systems.find((system) => system.id === context.system)?.settings;
  const location = locationsByPlace(settings).get(payload.location_id ?? '');
  return { kind: 'click_and_collect', ...(location === undefined ? {} : { location }) };
}

function skuOf(line: PayloadLine, index: number, context: CanonicaliseContext, problems: CaseProblem[]): string {
  const own = clean(line.sku);
  const code = own ?? line.variant_id ?? line.title.slice(0, 200);
  const sku = context.mapping('sku', code) ?? own;
  if (sku !== undefined && /^[!#-&(-~]{1,64}$/.test(sku)) return sku;
  problems.push({
    error_class: 'mapping',
    error_code: own === undefined ? 'missing_sku' : 'unusable_sku',
    path: jsonPointer(['line_items', index, 'sku']),
    document: 'received',
    message:
      own === undefined
        ? `The line "${line.title}" has no SKU. Map its code "${code}" to a product, or put the SKU into the payload.`
        : `"${own}" cannot be a SKU (1 to 64 visible characters, no spaces or quotes). Map it to a product.`,
    missing_mapping: { kind: 'sku', system: context.system, code: code.slice(0, 200) },
  });
  // A stand-in, so that the rest of the order is checked as well; the order is not used while there is a problem.
  return 'missing';
}

function discountsOf(line: PayloadLine, names: readonly string[]) {
  if (line.discount_allocations != null)
    return line.discount_allocations.map((allocation) => discountOf(allocation, names));
  // Orders from before allocations existed state only the sum.
  const total = shopMoney(line.total_discount_set, line.total_discount ?? '0.00');
  return new Decimal(total).isZero() ? [] : [{ code: 'discount', amount: total }];
}

function discountOf(allocation: Allocation, names: readonly string[]) {
  return {
    code: (names[Number(allocation.discount_application_index)] ?? 'discount').slice(0, 200),
    amount: shopMoney(allocation.amount_set, allocation.amount),
  };
}

function canonicalTax(tax: PayloadTax) {
  return {
    code: tax.title.trim().slice(0, 100),
    rate: new Decimal(tax.rate ?? '0').toDecimalPlaces(6).toFixed(),
    amount: shopMoney(tax.price_set, tax.price),
  };
}
