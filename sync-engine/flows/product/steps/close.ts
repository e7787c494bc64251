import { closeUnlessReplaced } from '../../versions.ts';
import { type ProductInline, productVersions } from '../product-data.ts';

/** The channel shows what it is to show. */
export const close: ProductInline = closeUnlessReplaced(productVersions, {
  step: 'publish_product',
  with: (product) => ({ product }),
});
