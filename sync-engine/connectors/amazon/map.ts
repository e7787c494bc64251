import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Channel } from '#contracts/v1/estate.ts';
import { type Order, order as orderSchema } from '#contracts/v1/order.ts';
import { Decimal, sumAmounts } from '../../money.ts';
import type { Canonicalised, CanonicaliseContext, LeftAlone } from '../reading.ts';
import { channelOf, noChannelProblem, readJson, schemaProblems } from '../reading.ts';
import { type Amounts, amountsIn } from './amounts.ts';
import { type AmazonAddress, type AmazonOrder, amazonPayload, type AmazonPayload } from './contract.ts';
import { canonicalCharges, canonicalLine, type Ordered } from './lines.ts';

/**
 * The canonical order of an Amazon order with its items, every amount to the cent. Orders that Amazon ships itself, that
 * were shipped or cancelled before they came here, are left alone and say why. Problems point into what was received.
 */
export function canonicaliseAmazonOrder(raw: string | Buffer, context: CanonicaliseContext): Canonicalised | LeftAlone {
  const payload = readJson(amazonPayload, raw);
  if ('problems' in payload) return payload;
  const { Order: sent } = payload.message;
  const left = leftAlone(sent);
  if (left !== undefined) return { left };
  const channel = channelOf(context.estate, context.system, sent.OrderTotal?.CurrencyCode ?? '');
  if (channel === undefined) return { problems: [noChannelProblem(context.system)] };

  const problems: CaseProblem[] = [];
  const candidate = build(payload.message, channel, context, problems);
  const parsed = orderSchema.safeParse(candidate);
  if (!parsed.success) problems.push(...schemaProblems(parsed.error, receivedPath));
  if (problems.length > 0) return { problems: onePerPlace(problems) };
  return parsed.success ? { order: parsed.data } : { problems };
}

/** The first one says it best: what follows from it stands in the same place. */
function onePerPlace(problems: readonly CaseProblem[]): CaseProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => !seen.has(path) && seen.add(path)).slice(0, 100);
}

function leftAlone({ FulfillmentChannel, OrderStatus }: AmazonOrder): string | undefined {
  if (OrderStatus === 'Canceled') return 'Cancelled before it reached us: it is recorded, and nothing is done for it.';
  if (FulfillmentChannel === 'AFN')
    return 'Fulfilled by Amazon from its own stock: it is recorded, and nothing is shipped or booked for it.';
  if (OrderStatus === 'Shipped' || OrderStatus === 'InvoiceUnconfirmed')
    return 'Shipped before it reached us: it is recorded, and nothing is shipped a second time.';
  return undefined;
}

function build(payload: AmazonPayload, channel: Channel, context: CanonicaliseContext, problems: CaseProblem[]) {
  const { Order: sent } = payload;
  const currency = sent.OrderTotal?.CurrencyCode ?? channel.currency;
  const amounts = amountsIn(currency, problems);
  checkPresent(payload, amounts);
  // An item whose units were all cancelled stays in the list with a quantity of 0.
  const ordered: Ordered[] = (payload.OrderItems ?? [])
    .map((item, index) => ({ item, index }))
    .filter(({ item }) => Number(item.QuantityOrdered) > 0);
  const lines = ordered.map((item) => canonicalLine(item, amounts, context, problems));
  const shipping = canonicalCharges(ordered, sent.ShipServiceLevel?.trim() ?? '', amounts);
  const total = sent.OrderTotal?.Amount ?? '0.00';
  const totals = totalsOf(lines, shipping, total);
  return {
    schema_version: 1,
    system: context.system,
    external_id: sent.AmazonOrderId,
    number: sent.AmazonOrderId,
    channel: channel.id,
    region: channel.region,
    brand: channel.brand,
    legal_entity: channel.legal_entity,
    tier: tierOf(sent, context),
    placed_at: new Date(sent.PurchaseDate).toISOString(),
    updated_at: new Date(sent.LastUpdateDate).toISOString(),
    currency,
    ...totals,
    test: false,
    // Amazon tells its buyers itself and forbids that others do: no e-mail address is carried.
    customer: nameOf(sent.ShippingAddress) === '' ? {} : { name: nameOf(sent.ShippingAddress).slice(0, 200) },
    ...(sent.ShippingAddress == null ? {} : { shipping_address: addressOf(sent.ShippingAddress) }),
    fulfilment: { kind: 'ship' },
    lines,
    shipping,
    // Amazon has taken the money and settles it later: nothing is left to be captured.
    payments: new Decimal(total).isZero()
      ? []
      : [{ gateway: 'amazon', kind: 'sale', amount: total, reference: sent.AmazonOrderId }],
  };
}

/** What Amazon leaves out of an order that cannot be shipped, with the field and what to do about it. */
function checkPresent({ Order: sent, OrderItems }: AmazonPayload, amounts: Amounts): void {
  const missing = (code: string, path: readonly string[], message: string) => amounts.problem(code, path, message);
  if (sent.OrderStatus !== 'Unshipped')
    missing(
      'not_to_be_shipped',
      ['Order', 'OrderStatus'],
      `The order is ${sent.OrderStatus} at Amazon and was never seen to be shipped by us. Finish it in Seller Central and discard this case.`,
    );
  if (sent.OrderTotal == null) missing('total_missing', ['Order', 'OrderTotal'], 'OrderTotal is missing.');
  if (sent.ShippingAddress == null)
    missing('address_missing', ['Order', 'ShippingAddress'], 'ShippingAddress is missing.');
  else if ((sent.ShippingAddress.AddressLine1?.trim() ?? '') === '')
    missing(
      'address_missing',
      ['Order', 'ShippingAddress', 'AddressLine1'],
      'ShippingAddress has no AddressLine1. Amazon gives it only to applications with the role Direct to Consumer Delivery (restricted).',
    );
  if (!OrderItems?.some(({ QuantityOrdered }) => Number(QuantityOrdered) > 0))
    missing('items_missing', ['OrderItems'], 'OrderItems has nothing that is to be shipped.');
  OrderItems?.forEach((item, i) => {
    const fee = amounts.of(item.CODFee, ['OrderItems', i, 'CODFee']);
    if (!fee.isZero())
      missing('unknown_charge', ['OrderItems', String(i), 'CODFee'], 'A fee for cash on delivery cannot be carried.');
  });
}

/**
 * As Amazon states them, except that it does not say whether prices contain the tax: in Europe they do. The parts make
 * the total in one of the two ways, or the order is a case.
 */
function totalsOf(lines: Order['lines'], shipping: Order['shipping'], total: string) {
  const charges = [...lines, ...shipping];
  const subtotal = lines.reduce(
    (sum, line) => sum.plus(new Decimal(line.unit_price).times(line.quantity)),
    new Decimal(0),
  );
  const discount = sumAmounts(charges.flatMap((charge) => charge.discounts.map(({ amount }) => amount)));
  const tax = sumAmounts(charges.flatMap((charge) => charge.taxes.map(({ amount }) => amount)));
  const shipped = sumAmounts(shipping.map(({ price }) => price));
  const withoutTax = subtotal.minus(discount).plus(shipped);
  return {
    taxes_included: !new Decimal(tax).isZero() && withoutTax.equals(total),
    totals: {
      subtotal: sumAmounts(['0.00', subtotal.toFixed()]),
      discount,
      shipping: shipped,
      tax,
      duties: '0.00',
      tip: '0.00',
      total,
    },
  };
}

const express = /^(expedited|nextday|sameday|secondday|scheduled|expressmail|priority)/i;

/** The SLA tier of the chosen service: by mapping, else by Amazon's category. */
function tierOf({ ShipServiceLevel, ShipmentServiceLevelCategory }: AmazonOrder, context: CanonicaliseContext) {
  const mapped = context.mapping('shipping_method', ShipServiceLevel?.trim() ?? '');
  if (mapped === 'express' || mapped === 'standard' || mapped === 'economy') return mapped;
  if (express.test(ShipmentServiceLevelCategory ?? '')) return 'express';
  return /economy/i.test(ShipmentServiceLevelCategory ?? '') ? 'economy' : 'standard';
}

const nameOf = (address: AmazonAddress | null | undefined): string => address?.Name?.trim() ?? '';

function addressOf(address: AmazonAddress): Record<string, string> {
  const second = [address.AddressLine2, address.AddressLine3].filter((line) => line != null && line.trim() !== '');
  const given = {
    name: nameOf(address),
    line1: address.AddressLine1?.trim() ?? '',
    line2: second.join(', '),
    city: address.City?.trim() ?? '',
    region_code: address.StateOrRegion?.trim() ?? '',
    postal_code: address.PostalCode?.trim() ?? '',
    country_code: address.CountryCode?.trim() ?? '',
    phone: address.Phone?.trim() ?? '',
  };
  const optional = new Set(['line2', 'region_code', 'phone']);
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== '' || !optional.has(name)));
}

const orderFields: Readonly<Record<string, string>> = {
  external_id: 'AmazonOrderId',
  number: 'AmazonOrderId',
  placed_at: 'PurchaseDate',
  updated_at: 'LastUpdateDate',
  currency: 'OrderTotal',
  totals: 'OrderTotal',
  payments: 'OrderTotal',
  shipping: 'ShipServiceLevel',
};
const addressFields: Readonly<Record<string, string>> = {
  name: 'Name',
  line1: 'AddressLine1',
  line2: 'AddressLine2',
  city: 'City',
  region_code: 'StateOrRegion',
  postal_code: 'PostalCode',
  country_code: 'CountryCode',
  phone: 'Phone',
};

/** Where in the payload a field of the canonical order came from. */
function receivedPath([head, second]: readonly PropertyKey[]): readonly PropertyKey[] {
  if (head === 'lines') return ['OrderItems', ...(second === undefined ? [] : [second])];
  if (head === 'shipping_address' || head === 'customer')
    return ['Order', 'ShippingAddress', ...(second === undefined ? [] : [addressFields[String(second)] ?? second])];
  return ['Order', ...(head === undefined ? [] : [orderFields[String(head)] ?? head])];
}
