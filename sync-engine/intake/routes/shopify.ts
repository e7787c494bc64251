import { z } from 'zod';
import { transactionKey } from '#contracts/v1/key.ts';
import type { System } from '#contracts/v1/estate.ts';
import type { RouteContext } from '../context.ts';
import { webhookRoute } from '../webhook.ts';

/** Webhooks as Shopify sends them: https://shopify.dev/docs/apps/build/webhooks */
export function shopifyRoute(context: RouteContext): void {
  const shops = context.estate.systems.filter((system) => system.kind === 'shopify');
  webhookRoute(context, {
    operation: 'receiveShopify',
    signatureHeader: 'x-shopify-hmac-sha256',
    signatureEncoding: 'base64',
    senderHeader: 'x-shopify-shop-domain',
    topicHeader: 'x-shopify-topic',
    topics: ['orders/create', 'orders/updated', 'orders/cancelled'],
    deliveryIdHeader: 'x-shopify-webhook-id',
    eventIdHeader: 'x-shopify-event-id',
    triggeredAtHeader: 'x-shopify-triggered-at',
    keyOf: orderKey,
    senders: new Map(shops.flatMap((shop) => senderOf(shop, context.secrets))),
  });
}

function senderOf(shop: System, secrets: RouteContext['secrets']): [string, { system: string; secret: string }][] {
  const { shop_domain, webhook_secret } = shop.settings;
  if (shop_domain === undefined || webhook_secret === undefined) return [];
  return [[shop_domain.toLowerCase(), { system: shop.id, secret: secrets(webhook_secret) }]];
}

/** Shopify's numeric ids exceed what a JSON number can hold exactly; its GraphQL id is the same number as text. */
const orderId = z.object({ admin_graphql_api_id: z.string().regex(/^gid:\/\/shopify\/Order\/\d+$/) });

function orderKey(system: string, payload: unknown): string | undefined {
  const order = orderId.safeParse(payload);
  return order.success ? transactionKey(system, order.data.admin_graphql_api_id.replace(/^.*\//, '')) : undefined;
}
