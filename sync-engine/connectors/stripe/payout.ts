import type { PayoutLine } from '#contracts/v1/payout.ts';
import { Decimal, fromMinorUnits } from '../../money.ts';
import type { PayoutServices } from '../services.ts';
import { impossible } from '../transport/answer.ts';
import { balancePage, type BalanceTransaction, originalOf, readBalancePage } from './balance-transactions.ts';

/** What balance transactions are to us. Source: docs.stripe.com/reports/balance-transaction-types. */
const kinds: Readonly<Record<string, PayoutLine['kind']>> = {
  charge: 'proceeds',
  payment: 'proceeds',
  refund: 'proceeds',
  payment_refund: 'proceeds',
  refund_failure: 'proceeds',
  payment_failure_refund: 'proceeds',
  stripe_fee: 'fees',
  stripe_fx_fee: 'fees',
  tax_fee: 'fees',
  payout_failure: 'reserve',
  payout_cancel: 'reserve',
  reserve_transaction: 'reserve',
  reserved_funds: 'reserve',
};

/** What one transaction moved, and what it cost: the fee of a payment is a line of its own. */
function linesOf(transaction: BalanceTransaction, payoutCurrency: string): Omit<PayoutLine, 'row'>[] {
  const { id, type, amount, fee, description, source } = transaction;
  if (type === 'payout') return [];
  const currency = transaction.currency.toUpperCase();
  if (currency !== payoutCurrency) throw exchangedPayout(payoutCurrency, id, currency);
  const known = Object.hasOwn(kinds, type) ? (kinds[type] ?? 'other') : 'other';
  const said = { transaction: type, description: (description ?? id).slice(0, 300), units: 0 };
  const payment = source == null ? undefined : (source.payment_intent ?? source.charge ?? source.id);
  // What was paid belongs to somebody's order: without a payment nobody can say whose.
  const kind = known === 'proceeds' && payment === undefined ? 'other' : known;
  const original = originalOf(transaction);
  const moved = {
    ...said,
    kind,
    amount: fromMinorUnits(amount, currency),
    ...(kind === 'proceeds' && payment !== undefined ? { payment } : {}),
    ...(kind === 'proceeds' && original !== undefined ? { original } : {}),
    ...refundIn(transaction),
  };
  const cost = new Decimal(fee);
  if (cost.isZero()) return [moved];
  return [moved, { ...said, kind: 'fees', amount: fromMinorUnits(cost.negated().toFixed(0), currency) }];
}

function refundIn({ source }: BalanceTransaction): Pick<PayoutLine, 'refund'> {
  if (source?.object !== 'refund') return {};
  const key = source.metadata?.['syncline_refund'];
  return { refund: { id: source.id, ...(key === undefined ? {} : { key }) } };
}

/** Its items do not make what was paid, and nobody says which gain or loss the exchange was. */
const exchangedPayout = (payoutCurrency: string, id: string, currency: string) =>
  impossible(
    'PAYOUT_EXCHANGED',
    `The payout is paid in ${payoutCurrency}, and its item ${id} is in ${currency}: Stripe exchanged it on the way to the bank. Book it by hand and discard this case.`,
    '/data/object/currency',
  );

/**
 * The balance transactions of a payout, with the charges and refunds that they are of. Source:
 * docs.stripe.com/payouts/reconciliation.
 */
export const listPayout = (headers: Record<string, string>): PayoutServices['list_payout'] => ({
  name: 'list_payout',
  prepare: ({ payoutId, cursor }) => balancePage(headers, { payout: payoutId }, cursor),
  read(answer, { currency }) {
    const { transactions, ...next } = readBalancePage(answer);
    return { items: transactions.flatMap((one) => linesOf(one, currency)), ...next };
  },
});
