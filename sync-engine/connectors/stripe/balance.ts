import { Decimal, fromMinorUnits } from '../../money.ts';
import type { BalanceEntry, ReconciliationServices } from '../services.ts';
import { balancePage, type BalanceTransaction, readBalancePage } from './balance-transactions.ts';
import { instantOf } from './read-event.ts';

const typeOf = (type: string): BalanceEntry['type'] =>
  type === 'charge' || type === 'payment'
    ? 'charge'
    : type === 'refund' || type === 'payment_refund'
      ? 'refund'
      : 'other';

function entryOf({ id, type, source, created, ...moved }: BalanceTransaction): BalanceEntry {
  const currency = moved.currency.toUpperCase();
  return {
    id,
    type: typeOf(type),
    reference: source?.id ?? '',
    amount: fromMinorUnits(new Decimal(moved.amount).abs().toFixed(0), currency),
    currency,
    at: instantOf(created),
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
