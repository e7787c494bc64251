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
function movedBy(transaction: BalanceTransaction): Pick<BalanceEntry, 'amount' | 'currency' | 'exchanged'> {
  const currency = transaction.currency.toUpperCase();
  const settled = new Decimal(fromMinorUnits(transaction.amount, currency)).abs();
  const original = originalOf(transaction);
  if (original === undefined) return { amount: settled.toFixed(minorDigits(currency)), currency };
  const rate = new Decimal(transaction.exchange_rate ?? 0);
  if (!rate.isPositive() || rate.isZero()) return { amount: '', currency: original.currency };
  // Of a part of a charge nobody says what it was before it was exchanged, but the rate tells to within its last digit.
  const digits = minorDigits(original.currency);
  const amount = settled.dividedBy(rate);
  const halfADigit = new Decimal(10).pow(-rate.decimalPlaces()).dividedBy(2);
  const margin = amount.times(halfADigit).plus(fromMinorUnits('1', currency)).dividedBy(rate);
  return {
    amount: amount.toFixed(digits),
    currency: original.currency,
    exchanged: { whole: original.amount, margin: margin.toFixed(digits, Decimal.ROUND_UP) },
  };
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
