import { journal, type Journal, type JournalLine } from '#contracts/v1/journal.ts';
import type { Payout, PayoutKind } from '#contracts/v1/payout.ts';
import { Decimal, sumAmounts } from '../../../money.ts';

/**
 * Account and memo of each kind. Proceeds settle what the marketplace owed since the orders were invoiced; the tax it remits
 * itself is no longer owed by us; what it keeps back it goes on owing, and so is what nobody knows, until somebody does.
 */
const books: Readonly<Record<PayoutKind, readonly [account: string, memo: string]>> = {
  proceeds: ['marketplace-clearing', 'Orders and refunds settled'],
  tax: ['sales-tax', 'Tax that the marketplace remits'],
  fees: ['marketplace-fees', 'Fees of the marketplace'],
  reserve: ['marketplace-clearing', 'Kept back or given back by the marketplace'],
  other: ['marketplace-clearing', 'Not known what for'],
};

/** Of payments that were taken for others' sales: those wait on the tills' and shops' clearing account. */
const paymentBooks: Partial<typeof books> = {
  proceeds: ['card-clearing', 'Payments and refunds settled'],
  fees: ['payment-fees', 'Fees of the payment system'],
  reserve: ['card-clearing', 'Kept back or given back by the payment system'],
  other: ['card-clearing', 'Not known what for'],
};

/**
 * What a payout moves between the accounts of its legal entity: the cash that arrives against everything it is made of. Pure.
 * @returns why there is nothing to post, where there is nothing.
 */
export function payoutJournal(
  payout: Payout,
  { legalEntity, postingKey, name }: { legalEntity: string; postingKey: string; name: string },
): Journal | { nothing: string } {
  const kinds = (Object.keys(books) as PayoutKind[]).flatMap((kind) => {
    const amounts = payout.lines.filter((line) => line.kind === kind).map(({ amount }) => amount);
    const [account, memo] = (payout.of === 'payments' ? paymentBooks[kind] : undefined) ?? books[kind];
    return moved(account, memo, new Decimal(sumAmounts(amounts)).negated());
  });
  const lines = [...moved('cash', 'Paid out', new Decimal(payout.total)), ...kinds];
  if (lines.length === 0) return { nothing: 'Nothing was paid, charged or kept back.' };
  return journal.parse({
    schema_version: 1,
    posting_key: postingKey,
    legal_entity: legalEntity,
    currency: payout.currency,
    date: payout.deposited_at.slice(0, 10),
    memo: `${name}, payout ${payout.payout_id}`,
    lines,
  });
}

/** Above zero it is a debit. */
function moved(account: string, memo: string, amount: InstanceType<typeof Decimal>): JournalLine[] {
  if (amount.isZero()) return [];
  const text = sumAmounts([amount.abs().toFixed(), '0.00']);
  return [amount.isPositive() ? { account, debit: text, memo } : { account, credit: text, memo }];
}
