import type { Order, OrderLine } from '#contracts/v1/order.ts';
import type { GivenRefund } from '../../../connectors/return-message.ts';
import { type Amount, Decimal, minorDigits, sumAmounts } from '../../../money.ts';
import { type Refund, type RefundLine, type RefundPart, valueOf } from '../../../returns/refund.ts';
import { quantities, type LineQuantity } from '../../order/rules/lines-remaining.ts';

export interface RefundInput {
  order: Order;
  /** What comes back now. */
  returned: readonly LineQuantity[];
  /** What was given for the order's other returns. */
  before: readonly Refund[];
  /** All that the order's payments have taken so far. */
  taken: string;
  shipping: 'full_return' | 'never';
}

/**
 * What to give back for goods of an order: of each amount of their lines (net of discounts, each tax, duties) the share
 * of all units that have come back so far, less what was given of it before. Rounding therefore evens out, and the
 * refunds of a line that came back completely are exactly what was paid for it. Shipping charges go with the return that
 * makes the order's return complete. What was not taken is not given: that difference is the adjustment.
 */
export function refundForReturn({ order, returned, before, taken, shipping }: RefundInput): Refund {
  const digits = minorDigits(order.currency);
  const now = quantities(returned);
  const earlier = quantities(before.flatMap(({ lines }) => lines));
  const lines = [...now].flatMap(([line_id, quantity]) => {
    const line = order.lines.find((one) => one.line_id === line_id);
    if (line === undefined) throw new Error(`order ${order.number} has no line ${line_id}`);
    const share = new Decimal((earlier.get(line_id) ?? 0) + quantity).dividedBy(line.quantity);
    return quantity === 0 ? [] : [lineRefund(order, line, quantity, share, before, digits)];
  });
  const complete = order.lines
    .filter((line) => line.requires_shipping)
    .every(({ line_id, quantity }) => (earlier.get(line_id) ?? 0) + (now.get(line_id) ?? 0) >= quantity);
  const charge = shipping === 'full_return' && complete ? shippingRefund(order, before, digits) : undefined;
  const parts = { lines, ...(charge === undefined ? {} : { shipping: charge }) };
  const value = new Decimal(valueOf(parts));
  const left = new Decimal(taken).minus(sumAmounts(before.map(({ total }) => total)));
  const total = Decimal.max(0, Decimal.min(value, left));
  return {
    currency: order.currency,
    ...parts,
    adjustment: total.minus(value).toFixed(digits),
    total: total.toFixed(digits),
  };
}

/** The part of an amount that is due now: its share, less what was given of it before. */
function due(whole: string | Amount, share: Amount, given: readonly string[], digits: number): string {
  const target = new Decimal(whole).times(Decimal.min(1, share)).toDecimalPlaces(digits, Decimal.ROUND_HALF_UP);
  return Decimal.max(0, target.minus(sumAmounts(given))).toFixed(digits);
}

function lineRefund(
  order: Order,
  line: OrderLine,
  quantity: number,
  share: Amount,
  before: readonly Refund[],
  digits: number,
): RefundLine {
  const given = before.flatMap(({ lines }) => lines).filter(({ line_id }) => line_id === line.line_id);
  return {
    line_id: line.line_id,
    sku: line.sku,
    quantity,
    ...partDue(
      netOf(new Decimal(line.unit_price).times(line.quantity), line, order.taxes_included),
      line.taxes,
      given,
      share,
      digits,
    ),
    duties: due(
      line.duties,
      share,
      given.map(({ duties }) => duties),
      digits,
    ),
  };
}

function partDue(
  net: Amount,
  taxes: OrderLine['taxes'],
  given: readonly RefundPart[],
  share: Amount,
  digits: number,
): RefundPart {
  return {
    net: due(
      net,
      share,
      given.map((one) => one.net),
      digits,
    ),
    taxes: taxes.map(({ code, rate, amount }, i) => ({
      code,
      rate,
      amount: due(
        amount,
        share,
        given.flatMap((one) => one.taxes[i]?.amount ?? []),
        digits,
      ),
    })),
  };
}

/** An amount without tax, discounts taken off. */
function netOf(gross: Amount, charge: Pick<OrderLine, 'discounts' | 'taxes'>, taxesIncluded: boolean): Amount {
  const net = gross.minus(sumAmounts(charge.discounts.map(({ amount }) => amount)));
  return taxesIncluded ? net.minus(sumAmounts(charge.taxes.map(({ amount }) => amount))) : net;
}

function shippingRefund(order: Order, before: readonly Refund[], digits: number): RefundPart | undefined {
  const net = order.shipping.reduce(
    (sum, charge) => sum.plus(netOf(new Decimal(charge.price), charge, order.taxes_included)),
    new Decimal(0),
  );
  const taxes = order.shipping.flatMap((charge) => charge.taxes);
  const given = before.flatMap(({ shipping }) => shipping ?? []);
  const part = partDue(net, taxes, given, new Decimal(1), digits);
  return [part.net, ...part.taxes.map(({ amount }) => amount)].every((amount) => new Decimal(amount).isZero())
    ? undefined
    : part;
}

/** A refund that the channel gave already, in the parts it is credited in: what it states beside them is the adjustment. */
export function refundGiven(order: Order, given: GivenRefund): Refund {
  const digits = minorDigits(order.currency);
  const lines = given.lines.flatMap((stated): RefundLine[] => {
    const line = order.lines.find(({ line_id, sku }) =>
      stated.line_id === undefined ? sku === stated.sku : line_id === stated.line_id,
    );
    if (line === undefined) return [];
    return [
      {
        line_id: line.line_id,
        sku: line.sku,
        quantity: stated.quantity,
        ...statedPart(stated, line.taxes, order.taxes_included && given.at_till !== true, digits),
        duties: new Decimal(0).toFixed(digits),
      },
    ];
  });
  const charged = order.shipping.flatMap(({ taxes }) => taxes);
  const shipping = new Decimal(given.shipping.net).isZero()
    ? undefined
    : statedPart(given.shipping, charged, order.taxes_included, digits);
  const parts = { lines, ...(shipping === undefined ? {} : { shipping }) };
  const total = new Decimal(given.total).toFixed(digits);
  return {
    currency: order.currency,
    ...parts,
    adjustment: new Decimal(total).minus(valueOf(parts)).toFixed(digits),
    total,
  };
}

/** A channel states one tax for all: it is spread as the order's own taxes are, the last taking what rounding leaves. */
function statedPart(
  { net, tax }: { net: string; tax: string },
  taxes: OrderLine['taxes'],
  taxesIncluded: boolean,
  digits: number,
): RefundPart {
  const all = new Decimal(sumAmounts(taxes.map(({ amount }) => amount)));
  let open = new Decimal(tax);
  const spread = taxes.map(({ code, rate, amount }, i) => {
    const own =
      i === taxes.length - 1
        ? open
        : all.isZero()
          ? new Decimal(0)
          : new Decimal(tax).times(amount).dividedBy(all).toDecimalPlaces(digits, Decimal.ROUND_HALF_UP);
    open = open.minus(own);
    return { code, rate, amount: own.toFixed(digits) };
  });
  // Tax of a line on which the order has none cannot be credited as tax: it stays with the adjustment.
  const base = taxesIncluded ? new Decimal(net).minus(tax) : new Decimal(net);
  return { net: base.toFixed(digits), taxes: spread };
}
