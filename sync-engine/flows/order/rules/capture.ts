import type { Order, OrderLine } from '#contracts/v1/order.ts';
import { type Amount, Decimal, minorDigits, sumAmounts } from '../../../money.ts';
import { linesRemaining, quantities, type LineQuantity } from './lines-remaining.ts';

export interface CaptureInput {
  order: Order;
  /** Lines of the shipment to capture for. */
  shipment: readonly LineQuantity[];
  /** Lines of all earlier shipments. */
  shippedBefore: readonly LineQuantity[];
  cancelled?: readonly LineQuantity[];
  /** Amounts captured for earlier shipments. */
  capturedBefore: readonly string[];
}

/** `final` says that nothing is left to ship, so that the rest of the authorisation is not needed. */
export interface Capture {
  amount: string;
  final: boolean;
}

/**
 * What to capture for one shipment: the authorised amount's share of what has shipped so far, less what was captured
 * before. Shipping charges, tip and goods that need no shipping go with the first shipment; where gift cards paid a
 * part, each shipment draws on both in proportion. The last shipment takes the remainder, so that the captures of an
 * order shipped completely are exactly what was authorised; cancelled lines are never captured.
 */
export function captureForShipment(input: CaptureInput): Capture {
  const { order, cancelled = [] } = input;
  const shipped = [...input.shippedBefore, ...input.shipment];
  const authorised = new Decimal(authorisedAmount(order));
  const captured = new Decimal(sumAmounts(input.capturedBefore));
  const final = linesRemaining(order, shipped, cancelled).length === 0;
  const digits = minorDigits(order.currency);
  const complete = final && quantities(cancelled).size === 0;
  const target = complete
    ? authorised
    : authorised.times(shippedShare(order, shipped)).toDecimalPlaces(digits, Decimal.ROUND_DOWN);
  const amount = Decimal.max(0, Decimal.min(target, authorised).minus(captured));
  return { amount: amount.toFixed(Math.max(digits, amount.decimalPlaces())), final };
}

/** What capture on shipment may draw on; gift cards and sales were taken by the channel already. */
export function authorisedAmount(order: Order): string {
  return sumAmounts(order.payments.filter(({ kind }) => kind === 'authorization').map(({ amount }) => amount));
}

/** The part of the order's value that has shipped, 0 to 1. */
function shippedShare(order: Order, shipped: readonly LineQuantity[]): Amount {
  const units = quantities(shipped);
  const atOnce = order.shipping
    .reduce((sum, charge) => sum.plus(netOf(charge.price, charge, order.taxes_included)), new Decimal(0))
    .plus(order.totals.tip);
  let all = atOnce;
  let gone = atOnce;
  for (const line of order.lines) {
    const value = lineValue(line, order.taxes_included);
    const sent = line.requires_shipping ? Math.min(units.get(line.line_id) ?? 0, line.quantity) : line.quantity;
    all = all.plus(value);
    gone = gone.plus(value.times(sent).dividedBy(line.quantity));
  }
  return all.isPositive() && !all.isZero() ? gone.dividedBy(all) : new Decimal(1);
}

function lineValue(line: OrderLine, taxesIncluded: boolean): Amount {
  const gross = new Decimal(line.unit_price).times(line.quantity).toFixed();
  return netOf(gross, line, taxesIncluded).plus(line.duties);
}

function netOf(gross: string, charge: Pick<OrderLine, 'discounts' | 'taxes'>, taxesIncluded: boolean): Amount {
  const discounts = sumAmounts(charge.discounts.map(({ amount }) => amount));
  const taxes = taxesIncluded ? '0' : sumAmounts(charge.taxes.map(({ amount }) => amount));
  return new Decimal(gross).minus(discounts).plus(taxes);
}
