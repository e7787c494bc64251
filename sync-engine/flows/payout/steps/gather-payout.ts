import type { CaseProblem } from '#contracts/v1/case.ts';
import { payout as payoutSchema, type PayoutLine } from '#contracts/v1/payout.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { noPayoutChannel, payoutChannel, payoutDimensions, type PayoutInline } from '../payout-data.ts';
import { listingOf } from './list-payout.ts';

/** What one document holds of lines, beyond which nobody looks through them. */
const MOST_LINES = 5_000;

/** Keeps a page apart, so that the checkpoint stays small however long the list is. */
export const keepPayoutPage: PayoutInline = {
  kind: 'inline',
  name: 'keep_payout_page',
  next: (view) => (listingOf(view).cursor === '' ? 'gather_payout' : 'list_payout'),
  run: async (view, env) => {
    const listing = listingOf(view);
    const seq = await env.documents.keep(view.key, `page.${listing.kept.length + 1}`, listing.page);
    return { status: 'completed', data: { listing: { ...listing, page: [], kept: [...listing.kept, seq] } } };
  },
};

/** Makes one payout of the pages; they must make what was paid, to the cent. */
export const gatherPayout: PayoutInline = {
  kind: 'inline',
  name: 'gather_payout',
  ofMessage: true,
  next: () => 'match_orders',
  run: async (view, env) => {
    const { system, payoutId, total, currency, at, kept } = listingOf(view);
    const pages = await Promise.all(kept.map((seq) => env.documents.read<Omit<PayoutLine, 'row'>[]>(seq)));
    const lines = pages.flat().map((line, i) => ({ ...line, row: i + 1 }));
    const sum = sumAmounts(lines.map(({ amount }) => amount));
    if (!new Decimal(sum).equals(total) || lines.length > MOST_LINES)
      return { status: 'quarantined', problems: [unlike(payoutId, total, sum, lines.length)] };
    const channel = payoutChannel(view, system, currency);
    if (channel === undefined) return { status: 'quarantined', problems: [noPayoutChannel(system, currency)] };
    const payout = payoutSchema.parse({
      ...{ schema_version: 1, of: 'payments', payout_id: payoutId, currency, total, lines },
      ...{ from: at, to: at, deposited_at: at },
    });
    return {
      status: 'completed',
      data: { payout_seq: await env.documents.keep(view.key, 'payout', payout), payout_id: payoutId },
      dimensions: payoutDimensions(payout, channel),
      attributes: { payout_id: payoutId, rows: String(lines.length) },
    };
  },
};

const unlike = (payoutId: string, total: string, sum: string, rows: number): CaseProblem => ({
  error_class: 'totals',
  error_code: 'payout_incomplete',
  path: '/data/object/amount',
  document: 'received',
  message:
    rows > MOST_LINES
      ? `The payout ${payoutId} has ${rows} items, more than can be settled at once. Book it by hand and discard this case.`
      : `The items of the payout ${payoutId} make ${sum}, and ${total} was paid. Ask the payment system, book it by hand, and discard this case.`,
});
