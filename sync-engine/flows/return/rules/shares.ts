import type { Order } from '#contracts/v1/order.ts';
import { type Amount, Decimal, minorDigits, sumAmounts } from '../../../money.ts';
import type { RefundShare } from '../../../returns/refund.ts';

interface Payments {
  order: Pick<Order, 'payments' | 'currency'>;
  captured: readonly string[];
}

/** What the order's payments have taken: at checkout, by gift cards, and captured since. */
export function takenOf({ order, captured }: Payments): string {
  const atOnce = order.payments.filter(({ kind }) => kind !== 'authorization').map(({ amount }) => amount);
  return sumAmounts([...atOnce, ...captured]);
}

/**
 * Which payment gives back how much of a refund: each what it took, less what the refunds before had of it, gift cards
 * last.
 * @param before sums of the order's other refunds.
 */
export function sharesOf({ order, captured }: Payments, total: string, before: readonly string[]): RefundShare[] {
  const digits = minorDigits(order.currency);
  const authorised = order.payments.find(({ kind }) => kind === 'authorization');
  const took = [
    ...(authorised === undefined ? [] : [{ ...authorised, amount: sumAmounts(captured) }]),
    ...order.payments.filter(({ kind }) => kind === 'sale'),
    ...order.payments.filter(({ kind }) => kind === 'gift_card'),
  ];
  let gone: Amount = new Decimal(sumAmounts(before));
  let open: Amount = new Decimal(total);
  return took.flatMap(({ reference, amount, kind }) => {
    const used = Decimal.min(gone, amount);
    gone = gone.minus(used);
    const share = Decimal.min(open, new Decimal(amount).minus(used));
    open = open.minus(share);
    return share.lte(0) ? [] : [{ reference, amount: share.toFixed(digits), gift_card: kind === 'gift_card' }];
  });
}
