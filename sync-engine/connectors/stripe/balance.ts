import { Decimal, fromMinorUnits, minorDigits } from '../../money.ts';
import type { BalanceEntry, ReconciliationServices } from '../services.ts';
import { balancePage, type BalanceTransaction, originalOf, readBalancePage } from './balance-transactions.ts';
import { instantOf } from './read-event.ts';

const typeOf = (type: string): BalanceEntry['type'] =>
  type === 'charge' || type === 'payment'
    ? 'charge'
    : type === 'refund' || type === 'payment_refund'
      ? 'refund'
      : 'other';

function entryOf(transaction: BalanceTransaction): BalanceEntry {
  const { id, type, source, created } = transaction;
  return { id, type: typeOf(type), reference: source?.id ?? '', ...movedBy(transaction), at: instantOf(created) };
}

/** In the currency in which it was paid or given back, as it is in the orders, whatever it was settled in. */
function movedBy(transaction: BalanceTransaction): Pick<BalanceEntry, 'amount' | 'currency'> {
  const currency = transaction.currency.toUpperCase();
  const settled = new Decimal(fromMinorUnits(transaction.amount, currency)).abs();
  const original = originalOf(transaction);
  if (original === undefined) return { amount: settled.toFixed(minorDigits(currency)), currency };
  // Of a part of a charge nobody says what it was before it was exchanged.
  const whole = new Decimal(original.amount).times(transaction.exchange_rate ?? 0);
  const isWhole = whole.minus(settled).abs().lte(fromMinorUnits('1', currency));
  return { amount: isWhole ? original.amount : '', currency: original.currency };
}

/** What moved the account's balance in a time, as it is held against ours. */
export const listBalance = (headers: Record<string, string>): ReconciliationServices['list_balance'] => ({
  name: 'list_balance',
  prepare: ({ from, to, cursor }) =>
    balancePage(
      headers,
      {
        'created[gte]': String(Math.floor(Date.parse(from) / 1000)),
        'created[lt]': String(Math.ceil(Date.parse(to) / 1000)),
      },
      cursor,
    ),
  read(answer) {
    const { transactions, ...next } = readBalancePage(answer);
    return { items: transactions.map(entryOf), ...next };
  },
});
