import type { TillTransaction } from '#contracts/v1/store.ts';
import { Decimal, sumAmounts } from '#sync-engine/money.ts';
import type { DayTotals } from '../store-data.ts';
import { isOnlineReturn } from './online-returns.ts';

/** A day with further receipts. */
export function addReceipts(totals: DayTotals, receipts: readonly TillTransaction[]): DayTotals {
  return receipts.reduce(addReceipt, totals);
}

function addReceipt(totals: DayTotals, receipt: TillTransaction): DayTotals {
  const { kind, lines, tenders } = receipt;
  const net = sumAmounts(lines.map((line) => line.net));
  const tax = sumAmounts(lines.flatMap(({ taxes }) => taxes.map(({ amount }) => amount)));
  const signed = (amount: string) => (kind === 'sale' ? amount : new Decimal(amount).negated().toFixed());
  const byTender = { ...totals.tenders };
  for (const { tender, amount } of tenders) byTender[tender] = sumAmounts([byTender[tender] ?? '0.00', signed(amount)]);
  if (isOnlineReturn(receipt)) {
    const paid = tenders.map(({ amount }) => amount);
    const online_returns = sumAmounts([totals.online_returns ?? '0.00', ...paid]);
    return { ...totals, transactions: totals.transactions + 1, tenders: byTender, online_returns };
  }
  return {
    ...totals,
    transactions: totals.transactions + 1,
    sales: kind === 'sale' ? sumAmounts([totals.sales, net]) : totals.sales,
    returns: kind === 'return' ? sumAmounts([totals.returns, net]) : totals.returns,
    tax: sumAmounts([totals.tax, signed(tax)]),
    tenders: byTender,
  };
}
