import type { CaseProblem } from '#contracts/v1/case.ts';
import type { PayoutLine } from '#contracts/v1/payout.ts';
import type { PaymentNews } from '../../../connectors/payment-news.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { judgeNews, type KnownPayment } from '../../../payments/judge-news.ts';

/** What is known of an order that a payout names. */
export interface KnownOrder {
  /** What its buyer paid; empty where it is not known. */
  amount: string;
  currency: string;
  /** Units ordered; undefined where the order was left to others to ship. */
  units?: number;
}

const REFUND = /refund|chargeback|a-to-z/i;

/** The orders, or payments of orders, that a payout names, in its own order, with their lines. */
export function linesByOrder(lines: readonly PayoutLine[]): Map<string, PayoutLine[]> {
  const orders = new Map<string, PayoutLine[]>();
  for (const line of lines) {
    const id = nameOf(line);
    if (id === undefined) continue;
    const known = orders.get(id);
    if (known === undefined) orders.set(id, [line]);
    else known.push(line);
  }
  return orders;
}

/** The lines of one of them. */
export const linesOf = (lines: readonly PayoutLine[], id: string): PayoutLine[] =>
  lines.filter((line) => nameOf(line) === id);

const nameOf = ({ order_id, payment }: PayoutLine): string | undefined => order_id ?? payment;

/** Lines that belong to no order and are of no kind that is known: nobody books them unseen. */
export const unknownLines = (lines: readonly PayoutLine[]): PayoutLine[] =>
  lines.filter(({ kind, order_id }) => kind === 'other' && order_id === undefined);

/**
 * Does what a payout says of one payment agree with what was captured and refunded of it? A payout may hold a part of
 * either; that something is in none is found by the reconciliation. What was settled in another currency than it was paid
 * in is compared as it was paid, so that no rate of exchange is a difference.
 */
export function matchPayment(
  payment: string,
  lines: readonly PayoutLine[],
  known: KnownPayment | undefined,
  { currency, at }: { currency: string; at: string },
): CaseProblem | undefined {
  const paidAs = ({ original, amount, row }: PayoutLine) =>
    original ?? { id: `row ${row}`, amount: amount.replace('-', ''), currency };
  const foreign = lines.find((line) => known !== undefined && paidAs(line).currency !== known.currency);
  if (known !== undefined && foreign !== undefined) return notComparable(payment, known, foreign.row, paidAs(foreign));

  const problemOf = (news: PaymentNews): CaseProblem | undefined => {
    const judged = judgeNews(news, known);
    return 'problem' in judged ? judged.problem : undefined;
  };
  const taken = lines.filter(({ refund, amount }) => refund === undefined && !amount.startsWith('-'));
  // A charge that was captured in parts is told in whole by each.
  const charges = [...new Map(taken.map(paidAs).map((one) => [one.id, one])).values()];
  const problem =
    taken.length === 0
      ? undefined
      : problemOf({
          ...{ news: 'taken', payment, at, ours: '0.00', path: `/${taken[0]?.row ?? 0}` },
          amount: sumAmounts(charges.map(({ amount }) => amount)),
          currency: charges[0]?.currency ?? currency,
        });
  if (problem !== undefined) return problem;
  for (const line of lines) {
    // What came back of a refund that failed is told of when it fails.
    if (line.refund === undefined || !line.amount.startsWith('-')) continue;
    const { id, key } = line.refund;
    const given = paidAs(line);
    const wrong = problemOf({
      ...{ news: 'refunded', payment, at, refund: id, path: `/${line.row}` },
      ...{ amount: given.amount, currency: given.currency },
      ...(key === undefined ? {} : { refundKey: key }),
    });
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const notComparable = (
  payment: string,
  { orderNumber, currency }: KnownPayment,
  row: number,
  told: { amount: string; currency: string },
): CaseProblem => ({
  error_class: 'conflict',
  error_code: 'currency_differs',
  path: `/${row}`,
  document: 'received',
  message: `${told.amount} ${told.currency} are of the payment ${payment} of order ${orderNumber}, which is in ${currency}: nobody says what they are in that currency. Compare them in the payment system, and discard this case.`,
});

/**
 * Does what a payout says of an order agree with the order? A payout may settle a part of one, and its refunds with or after
 * it; it may not pay for more units than were ordered, nor another amount for all of them.
 * @param tolerance largest difference let pass, in the payout's currency.
 */
export function matchOrder(
  orderId: string,
  lines: readonly PayoutLine[],
  order: KnownOrder | undefined,
  currency: string,
  tolerance: string,
): CaseProblem | undefined {
  const row = lines[0]?.row ?? 0;
  const problem = (error_code: string, path: string, message: string): CaseProblem => ({
    error_class: error_code === 'order_unknown' ? 'reference' : 'totals',
    error_code,
    path,
    document: 'received',
    message,
  });
  if (order === undefined)
    return problem(
      'order_unknown',
      `/${row}/order-id`,
      `The payout pays for order ${orderId}, which never came here. Once it has come, replay; if it is none of ours, discard.`,
    );
  if (order.amount === '') return undefined;
  const sold = lines.filter(({ kind, transaction }) => kind === 'proceeds' && !REFUND.test(transaction));
  const refunded = lines.filter(({ kind, transaction }) => kind === 'proceeds' && REFUND.test(transaction));
  const paid = sumOf(sold);
  const back = sumOf(refunded).negated();
  const units = sold.reduce((sum, line) => sum + line.units, 0);
  const differs = (what: string, gap: InstanceType<typeof Decimal>) =>
    problem(
      'payout_differs',
      `/${row}/amount`,
      `${what} order ${orderId}, whose buyer paid ${order.amount} ${order.currency} (difference ${gap.abs().toFixed(2)}). Ask the marketplace, and replay or discard.`,
    );
  if (order.currency !== currency) return differs(`The payout pays ${currency} for`, paid.minus(order.amount));
  if (order.units !== undefined && units > order.units)
    return differs(`The payout pays for ${units} units of ${order.units} of`, paid.minus(order.amount));
  const whole = order.units !== undefined && units === order.units;
  const gap = paid.minus(order.amount);
  // Of a part no more can be said than that it is not more than the whole.
  if (whole ? gap.abs().gt(tolerance) : gap.gt(tolerance))
    return differs(`The payout pays ${paid.toFixed(2)} for`, gap);
  const over = back.minus(order.amount);
  return over.gt(tolerance) ? differs(`The payout takes ${back.toFixed(2)} back for`, over) : undefined;
}

const sumOf = (lines: readonly PayoutLine[]) => new Decimal(sumAmounts(lines.map(({ amount }) => amount)));
