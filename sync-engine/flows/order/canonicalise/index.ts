export { canonicaliseChannelApiOrder } from './channel-api-order.ts';
export { canonicaliseShopifyOrder } from './shopify-order.ts';
export type { Canonicalised, CanonicaliseContext } from './context.ts';
