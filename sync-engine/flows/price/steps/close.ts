import { closeUnlessReplaced } from '../../versions.ts';
import { type PriceInline, priceOf, priceVersions } from '../price-data.ts';

/** The channel shows what it is to show. */
export const close: PriceInline = closeUnlessReplaced(
  priceVersions(({ data, ...view }) => data.followed_by ?? priceOf({ data, ...view })),
  { step: 'publish_next_price', with: (inForce) => ({ followed_by: inForce }) },
);
