import { closeUnlessReplaced } from '../../versions.ts';
import { insteadOfIt, type PriceInline, priceVersions } from '../price-data.ts';

/** The channel shows what it is to show. */
export const close: PriceInline = closeUnlessReplaced(priceVersions, { step: 'publish_next_price', with: insteadOfIt });
