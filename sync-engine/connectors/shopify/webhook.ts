import { z } from 'zod';
import { transactionKey } from '#contracts/v1/key.ts';
import type { WebhookDialect } from '../../intake/webhook-dialect.ts';

/** Webhooks as Shopify sends them: https://shopify.dev/docs/apps/build/webhooks */
export const shopifyWebhook: WebhookDialect = {
  path: 'shopify',
  operation: 'receiveShopify',
  summary: 'Webhook of a Shopify shop',
  description:
    'Takes orders/create, orders/updated, orders/cancelled, fulfillments/create, inventory_levels/update, returns/request, refunds/create, customers/create and customers/update exactly as Shopify sends them. The shop is known by its domain, the signature is checked over the raw body. What does not fit the schema is accepted too and becomes a case, since Shopify could only send it again.',
  headers: [
    [
      'X-Shopify-Topic',
      true,
      'orders/create, orders/updated, orders/cancelled, fulfillments/create, inventory_levels/update, returns/request, refunds/create, customers/create or customers/update',
    ],
    ['X-Shopify-Shop-Domain', true, 'Domain of the shop'],
    ['X-Shopify-Hmac-SHA256', true, 'Base64 HMAC-SHA256 of the raw body'],
    ['X-Shopify-Webhook-Id', false, 'Id of the delivery, the same on a repetition'],
    ['X-Shopify-Event-Id', false, 'Id of what happened in the shop'],
    ['X-Shopify-Triggered-At', false, 'When it happened; an old one is accepted and marked stale'],
  ],
  signatureHeader: 'x-shopify-hmac-sha256',
  signatureEncoding: 'base64',
  senderHeader: 'x-shopify-shop-domain',
  senderName: ({ settings }) => settings['shop_domain']?.toLowerCase(),
  topicHeader: 'x-shopify-topic',
  deliveryIdHeader: 'x-shopify-webhook-id',
  eventIdHeader: 'x-shopify-event-id',
  triggeredAtHeader: 'x-shopify-triggered-at',
  keyOf: orderKey,
};

/** Shopify's numeric ids exceed what a JSON number can hold exactly; its GraphQL id is the same number as text. */
const orderId = z.object({ admin_graphql_api_id: z.string().regex(/^gid:\/\/shopify\/Order\/\d+$/) });

function orderKey(system: string, payload: unknown): string | undefined {
  const order = orderId.safeParse(payload);
  return order.success ? transactionKey(system, order.data.admin_graphql_api_id.replace(/^.*\//, '')) : undefined;
}
