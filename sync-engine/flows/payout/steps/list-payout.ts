import { defineCall } from '../../flow.ts';
import { type Listing, type PayoutCall, type PayoutData, type PayoutEnv, type PayoutView } from '../payout-data.ts';

/** @throws where its items came with it. */
export function listingOf({ key, data }: PayoutView): Listing {
  if (data.listing === undefined) throw new Error(`the items of payout ${key} are not asked for`);
  return data.listing;
}

/** Asks the system what it paid out, one page after the other. */
export const listPayout: PayoutCall = {
  kind: 'call',
  name: 'list_payout',
  next: () => 'keep_payout_page',
  essential: true,
  call: defineCall<PayoutData, PayoutEnv, 'list_payout'>({
    verb: 'list_payout',
    system: (view) => listingOf(view).system,
    input: async (view) => {
      const { payoutId, currency, cursor } = listingOf(view);
      return Promise.resolve({ payoutId, currency, ...(cursor === '' ? {} : { cursor }) });
    },
    done: (view, { items, next = '' }) => ({
      status: 'completed',
      data: { listing: { ...listingOf(view), page: items, cursor: next } },
      attributes: { rows: String(items.length) },
    }),
  }),
};
