import { randomUUID } from 'node:crypto';
import type { Delivery } from './intake-client.ts';
import { signShopify } from './sign.ts';

/** A delivery as Shopify makes it: signed over the raw body, with both ids. The same object repeated is a duplicate. */
export function shopifyWebhook(options: {
  topic: string;
  shop: string;
  secret: string;
  body: string;
  triggeredAt: Date;
  origin?: 'simulated' | 'backfill';
  webhookId?: string;
  eventId?: string;
}): Delivery {
  return {
    method: 'POST',
    path: '/intake/shopify',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-topic': options.topic,
      'x-shopify-shop-domain': options.shop,
      'x-shopify-api-version': '2025-01',
      'x-shopify-hmac-sha256': signShopify(options.body, options.secret),
      'x-shopify-webhook-id': options.webhookId ?? randomUUID(),
      'x-shopify-event-id': options.eventId ?? randomUUID(),
      'x-shopify-triggered-at': options.triggeredAt.toISOString(),
      ...(options.origin === undefined ? {} : { 'x-syncline-origin': options.origin }),
    },
    body: options.body,
  };
}
