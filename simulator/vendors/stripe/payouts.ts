import type { VendorContext } from '../vendor.ts';
import { type Balance, entriesOf, type Entry } from './balance.ts';
import type { Events } from './events.ts';

/** What the bank of a customer takes back where the payouts are to be wrong. */
const DISPUTED = 500;

/** Pays the account out, as Stripe does every day. */
export interface Payouts {
  /** Everything in the balance that is above zero, one payout a currency; their ids. */
  payOut(): string[];
  /** The bank refuses a payout that was told to be paid. */
  fail(id: string, reason: string): void;
}

export function createPayouts(context: VendorContext, balance: Balance, events: Events): Payouts {
  const { system, store, conditions, nextId } = context;
  const settled = store.collection<string>(`${system.id}.settled`);

  const pay = (currency: string, due: readonly Entry[]): string | undefined => {
    const amount = due.reduce((sum, entry) => sum + entry.amount - entry.fee, 0);
    if (amount <= 0) return undefined;
    const paid = {
      ...{ id: `po_sim${nextId()}`, amount, currency, created: Math.floor(Date.now() / 1000) },
      entries: due.map(({ id }) => id),
    };
    balance.payouts.put(paid.id, paid);
    for (const { id } of due) settled.put(id, paid.id);
    events.tell('payout.created', payoutResource(paid, { status: 'pending', reconciliation_status: 'in_progress' }));
    events.tell('payout.paid', payoutResource(paid, { status: 'paid', reconciliation_status: 'in_progress' }));
    const complete = { status: 'paid', reconciliation_status: 'completed' };
    events.tell('payout.reconciliation_completed', payoutResource(paid, complete));
    return paid.id;
  };

  return {
    payOut: () => {
      const due = entriesOf(balance).filter(({ id }) => settled.get(id) === undefined);
      const currencies = [...new Set(due.map(({ currency }) => currency))];
      return currencies.flatMap((currency) => {
        const own = due.filter((entry) => entry.currency === currency);
        if (conditions.misstatesPayouts(system.id)) own.push(dispute(balance, currency, nextId()));
        return pay(currency, own) ?? [];
      });
    },
    fail: (id, reason) => {
      const paid = balance.payouts.get(id);
      if (paid === undefined) return;
      const failed = { status: 'failed', reconciliation_status: 'completed', failure_code: reason };
      events.tell('payout.failed', payoutResource(paid, failed));
    },
  };
}

function dispute({ adjustments }: Balance, currency: string, id: number): Entry {
  const entry: Entry = {
    ...{ id: `txn_adj${id}`, type: 'adjustment', amount: -DISPUTED, fee: 0, currency, source: null },
    ...{ created: Math.floor(Date.now() / 1000), description: 'Chargeback withdrawal' },
  };
  adjustments.put(entry.id, entry);
  return entry;
}

/** A payout as Stripe answers it (docs.stripe.com/api/payouts/object). */
const payoutResource = (
  { id, amount, currency, created }: { id: string; amount: number; currency: string; created: number },
  more: object,
) => ({
  id,
  object: 'payout',
  amount,
  arrival_date: created,
  automatic: true,
  balance_transaction: `txn_${id}`,
  created,
  currency,
  description: 'STRIPE PAYOUT',
  failure_code: null,
  livemode: false,
  method: 'standard',
  type: 'bank_account',
  ...more,
});
