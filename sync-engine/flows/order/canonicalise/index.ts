export { canonicaliseChannelApiOrder } from './channel-api-order.ts';
export { canonicaliseShopifyOrder } from './shopify-order.ts';
export type { Canonicalised } from './context.ts';
