import type { System } from '#contracts/v1/estate.ts';
import type { Address } from '#contracts/v1/address.ts';
import type { Order, OrderLine, TaxLine } from '#contracts/v1/order.ts';
import { exactNumber } from '#platform/exact-json.ts';
import { Decimal, sumAmounts } from '../../money.ts';
import type { ErpServices } from '../services.ts';
import { placeOf } from '../places.ts';
import { impossible } from '../transport/answer.ts';

export type SalesOrderInput = Parameters<ErpServices['create_sales_order']['prepare']>[0];
type Settings = System['settings'];

/** One row of a sublist, with the place in the canonical order it came from. */
export interface Row {
  origin: string;
  row: Record<string, unknown>;
}

export interface SalesOrderRecord {
  body: Record<string, unknown>;
  /** Canonical place of each row of `item.items` and of `taxDetails.items`. */
  itemOrigins: string[];
  taxOrigins: string[];
}

/**
 * The SuiteTalk sales order of a canonical order. Lines, discounts, duties and tip are rows of the item sublist with
 * explicit amounts, shipping is the header's cost, taxes are the tax details (SuiteTax): together exactly the order's
 * total. NetSuite's amounts are without tax, so where prices include it, a row's amount is reduced by its taxes.
 */
export function salesOrderRecord(input: SalesOrderInput, settings: Settings): SalesOrderRecord {
  const { order } = input;
  const entity = customerOf(order, settings);
  const items = [
    ...order.lines.flatMap((line, i) => lineRows(line, i, order, settings)),
    ...orderRows(order, settings),
  ];
  const taxes = taxRows(order, input.taxCodes);
  const billing = addressOf(order.billing_address);
  const shipping = addressOf(order.shipping_address);
  const currency = settings[`currency.${order.currency}`];
  return {
    body: {
      entity: { id: entity },
      subsidiary: reference(input.subsidiary),
      location: reference(placeOf(settings, input.location) ?? input.location),
      currency: currency === undefined ? { refName: order.currency } : { id: currency },
      tranDate: order.placed_at.slice(0, 10),
      otherRefNum: order.number,
      memo: `${order.channel} ${order.number}`,
      email: order.customer.email,
      shippingAddress: shipping,
      billingAddress: billing,
      shippingCost: exactNumber(shippingCost(order)),
      item: { items: items.map(({ row }) => row) },
      ...(taxes.length === 0 ? {} : { taxDetailsOverride: true, taxDetails: { items: taxes.map(({ row }) => row) } }),
    },
    itemOrigins: items.map(({ origin }) => origin),
    taxOrigins: taxes.map(({ origin }) => origin),
  };
}

/** The customer record that a channel's orders are booked on. @throws ConnectorError where none is named. */
export function customerOf({ channel }: Pick<Order, 'channel'>, settings: Settings): string {
  const entity = settings[`entity.${channel}`] ?? settings['entity.default'];
  if (entity !== undefined) return entity;
  throw impossible(
    'NO_CUSTOMER',
    `The estate file names no NetSuite customer for the channel "${channel}" (setting entity.${channel}, or entity.default for all).`,
    '/channel',
  );
}

/** A number is an internal id, anything else an external id. */
export function reference(code: string): Record<string, string> {
  return /^-?\d+$/.test(code) ? { id: code } : { externalId: code };
}

function lineRows(line: OrderLine, index: number, order: Order, settings: Settings): Row[] {
  const origin = `/lines/${index}`;
  const gross = new Decimal(line.unit_price).times(line.quantity);
  const included = order.taxes_included && line.taxes.length > 0;
  const amount = included ? gross.minus(taxTotal(line.taxes)).toFixed() : gross.toFixed();
  const goods: Row = {
    origin,
    row: {
      item: { externalId: line.sku },
      description: line.title,
      quantity: exactNumber(String(line.quantity)),
      // Price level -1 is "custom": the amount stands as sent and is not taken from a price list.
      price: { id: '-1' },
      ...(included ? {} : { rate: exactNumber(line.unit_price) }),
      amount: exactNumber(amount),
      taxDetailsReference: `line-${index}`,
    },
  };
  const discounts = line.discounts.map((discount, i): Row => ({
    origin: `${origin}/discounts/${i}`,
    row: plainRow(settings, 'discount', discount.code, new Decimal(discount.amount).negated().toFixed()),
  }));
  const duties: Row[] = new Decimal(line.duties).isZero()
    ? []
    : [{ origin: `${origin}/duties`, row: plainRow(settings, 'duties', `Duties on ${line.sku}`, line.duties) }];
  return [goods, ...discounts, ...duties];
}

function orderRows(order: Order, settings: Settings): Row[] {
  if (new Decimal(order.totals.tip).isZero()) return [];
  return [{ origin: '/totals/tip', row: plainRow(settings, 'tip', 'Tip', order.totals.tip) }];
}

/** A row that is no goods. Its item is the setting `item.<kind>`, or the item of external id `syncline-<kind>`. */
export function plainRow(
  settings: Settings,
  kind: string,
  description: string,
  amount: string,
): Record<string, unknown> {
  return {
    item: reference(settings[`item.${kind}`] ?? `syncline-${kind}`),
    description,
    quantity: exactNumber('1'),
    price: { id: '-1' },
    rate: exactNumber(amount),
    amount: exactNumber(amount),
  };
}

function shippingCost(order: Order): string {
  const cost = order.shipping.reduce((sum, charge) => {
    const discounts = sumAmounts(charge.discounts.map(({ amount }) => amount));
    const taxes = order.taxes_included ? taxTotal(charge.taxes) : '0';
    return sum.plus(charge.price).minus(discounts).minus(taxes);
  }, new Decimal(0));
  return cost.toFixed(Math.max(2, cost.decimalPlaces()));
}

function taxRows(order: Order, taxCodes: Record<string, string>): Row[] {
  const rows = (list: 'lines' | 'shipping', prefix: string): Row[] =>
    order[list].flatMap((charge, i) =>
      charge.taxes.map((tax, j) => {
        const origin = `/${list}/${i}/taxes/${j}/code`;
        return { origin, row: taxRow(tax, `${prefix}-${i}`, origin, taxCodes) };
      }),
    );
  return [...rows('lines', 'line'), ...rows('shipping', 'shipping')];
}

export function taxRow(tax: TaxLine, taxDetailsReference: string, origin: string, taxCodes: Record<string, string>) {
  const code = Object.hasOwn(taxCodes, tax.code) ? taxCodes[tax.code] : undefined;
  if (code === undefined)
    throw impossible('UNMAPPED_TAX', `The tax "${tax.code}" is not mapped to a NetSuite tax code.`, origin, 'mapping');
  return {
    taxDetailsReference,
    taxCode: reference(code),
    taxRate: exactNumber(new Decimal(tax.rate).times(100).toFixed()),
    taxAmount: exactNumber(tax.amount),
  };
}

const taxTotal = (taxes: readonly TaxLine[]): string => sumAmounts(taxes.map(({ amount }) => amount));

function addressOf(address: Address | undefined) {
  if (address === undefined) return undefined;
  return {
    addressee: address.company ?? address.name,
    ...(address.company === undefined ? {} : { attention: address.name }),
    addr1: address.line1,
    addr2: address.line2,
    city: address.city,
    state: address.region_code,
    zip: address.postal_code,
    country: { id: address.country_code },
    addrPhone: address.phone,
  };
}
