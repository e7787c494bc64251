import type { CaseProblem } from '#contracts/v1/case.ts';
import { MOST_PAYOUT_LINES, payout as payoutSchema } from '#contracts/v1/payout.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { keepHead, keepLines, readLines } from '../kept-payout.ts';
import { type Listing, noPayoutChannel, payoutChannel, payoutDimensions, type PayoutInline } from '../payout-data.ts';
import { failedBefore } from '../rules/failed-before.ts';
import { listingOf } from './list-payout.ts';

const isTooLong = ({ rows = 0 }: Listing): boolean => rows > MOST_PAYOUT_LINES;

/** Keeps a page apart, so that the checkpoint stays small however long the list is. */
export const keepPayoutPage: PayoutInline = {
  kind: 'inline',
  name: 'keep_payout_page',
  next: (view) => {
    const listing = listingOf(view);
    return listing.cursor === '' || isTooLong(listing) ? 'gather_payout' : 'list_payout';
  },
  run: async (view, env) => {
    const { page, kept, rows: known, ...listing } = listingOf(view);
    const rows = known ?? (await readLines(kept, env)).length;
    const lines = page.map((line, i) => ({ ...line, row: rows + i + 1 }));
    const seq = await keepLines(view.key, env, kept.length + 1, lines);
    return {
      status: 'completed',
      data: { listing: { ...listing, page: [], kept: [...kept, seq], rows: rows + lines.length } },
    };
  },
};

/**
 * Makes one payout of the pages; they must make what was paid, to the cent. One that failed is not posted, in whichever
 * order the two were told: its cash never came. The journal asks again; once it is posted, the failure's case says so.
 */
export const gatherPayout: PayoutInline = {
  kind: 'inline',
  name: 'gather_payout',
  ofMessage: true,
  next: () => 'match_orders',
  run: async (view, env) => {
    const listing = listingOf(view);
    const { system, payoutId, total, currency, at, kept } = listing;
    if (await env.failed(system, payoutId)) return { status: 'quarantined', problems: [failedBefore(listing)] };
    if (isTooLong(listing)) return { status: 'quarantined', problems: [tooLong(listing)] };
    const lines = await readLines(kept, env);
    const sum = sumAmounts(lines.map(({ amount }) => amount));
    if (!new Decimal(sum).equals(total)) return { status: 'quarantined', problems: [unlike(listing, sum)] };
    const channel = payoutChannel(view, system, currency);
    if (channel === undefined) return { status: 'quarantined', problems: [noPayoutChannel(system, currency)] };
    const { lines: _, ...payout } = payoutSchema.parse({
      ...{ schema_version: 1, of: 'payments', payout_id: payoutId, currency, total, lines },
      ...{ from: at, to: at, deposited_at: at },
    });
    const seq = await keepHead(view.key, env, { ...payout, pages: kept });
    return {
      status: 'completed',
      // The pages are the payout's from here on.
      data: { payout_seq: seq, payout_id: payoutId, listing: { ...listing, kept: [] } },
      dimensions: payoutDimensions(payout, channel),
      attributes: { payout_id: payoutId, rows: String(lines.length) },
    };
  },
};

const incomplete = (message: string): CaseProblem => ({
  ...{ error_class: 'totals', error_code: 'payout_incomplete', path: '/data/object/amount', document: 'received' },
  message,
});

const tooLong = ({ payoutId }: Listing): CaseProblem =>
  incomplete(
    `The payout ${payoutId} has more than ${MOST_PAYOUT_LINES} items, which is more than can be settled at once. Book it by hand and discard this case.`,
  );

const unlike = ({ payoutId, total }: Listing, sum: string): CaseProblem =>
  incomplete(
    `The items of the payout ${payoutId} make ${sum}, and ${total} was paid. Ask the payment system, book it by hand, and discard this case.`,
  );
