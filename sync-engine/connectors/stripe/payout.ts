import { z } from 'zod';
import type { PayoutLine } from '#contracts/v1/payout.ts';
import { Decimal, fromMinorUnits } from '../../money.ts';
import type { PayoutServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { currency, integer } from './event.ts';
import { refused } from './map.ts';

const PAGE = 100;

const source = z.object({
  id: z.string(),
  object: z.string(),
  payment_intent: z.string().nullish(),
  charge: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
const page = z.object({
  has_more: z.boolean(),
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      amount: integer,
      fee: integer,
      currency,
      description: z.string().nullish(),
      /** Expanded; what has no object of its own has none. */
      source: z.union([source, z.string().transform(() => undefined)]).nullish(),
    }),
  ),
});
type Entry = z.infer<typeof page>['data'][number];

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

/** What one entry moved, and what it cost: the fee of a payment is a line of its own. */
function linesOf({ id, type, amount, fee, description, source, ...entry }: Entry): Omit<PayoutLine, 'row'>[] {
  if (type === 'payout') return [];
  const code = entry.currency.toUpperCase();
  const kind = Object.hasOwn(kinds, type) ? (kinds[type] ?? 'other') : 'other';
  const said = { transaction: type, description: (description ?? id).slice(0, 300), units: 0 };
  const payment = source == null ? undefined : (source.payment_intent ?? source.charge ?? source.id);
  const key = source?.metadata?.['syncline_refund'];
  const moved = {
    ...said,
    kind,
    amount: fromMinorUnits(amount, code),
    ...(kind === 'proceeds' && payment !== undefined ? { payment } : {}),
    ...(source?.object === 'refund' ? { refund: { id: source.id, ...(key === undefined ? {} : { key }) } } : {}),
  };
  const cost = new Decimal(fee);
  if (cost.isZero()) return [moved];
  return [moved, { ...said, kind: 'fees', amount: fromMinorUnits(cost.negated().toFixed(0), code) }];
}

/**
 * The balance transactions of a payout, with the charges and refunds that they are of. Sources:
 * docs.stripe.com/api/balance_transactions/list and docs.stripe.com/payouts/reconciliation.
 */
export const listPayout = (headers: Record<string, string>): PayoutServices['list_payout'] => ({
  name: 'list_payout',
  prepare: ({ payoutId, cursor }) => {
    const query = new URLSearchParams({ payout: payoutId, limit: String(PAGE), 'expand[]': 'data.source' });
    if (cursor !== undefined) query.set('starting_after', cursor);
    return { method: 'GET', path: `/v1/balance_transactions?${query.toString()}`, headers, body: '' };
  },
  read(answer) {
    const error = refused(answer);
    if (error !== undefined) throw error;
    const { data, has_more } = readBody(answer, page, "Stripe's balance of a payout");
    const last = data.at(-1)?.id;
    return { items: data.flatMap(linesOf), ...(has_more && last !== undefined ? { next: last } : {}) };
  },
});
