import { expect, it } from 'vitest';
import { sameSecret, signShopify, signWms } from './sign.ts';
import { shopifyWebhook } from './shopify-webhook.ts';

// HMAC-SHA256 of RFC 4231, test case 2.
it('signs as the published test vector says', () => {
  const hex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  expect(signWms('what do ya want for nothing?', 'Jefe')).toBe(hex);
  expect(signShopify('what do ya want for nothing?', 'Jefe')).toBe(Buffer.from(hex, 'hex').toString('base64'));
});

it('tells a wrong secret from the right one, whatever its length', () => {
  expect([sameSecret('abc', 'abc'), sameSecret('abd', 'abc'), sameSecret('', 'abc')]).toEqual([true, false, false]);
});

it('puts the headers on a delivery that Shopify does', () => {
  const delivery = shopifyWebhook({
    topic: 'orders/create',
    shop: 'shop.example',
    secret: 's',
    body: '{}',
    triggeredAt: new Date('2026-03-01T09:30:00.000Z'),
  });
  expect(delivery.headers).toMatchObject({
    'x-shopify-topic': 'orders/create',
    'x-shopify-shop-domain': 'shop.example',
    'x-shopify-hmac-sha256': signShopify('{}', 's'),
    'x-shopify-triggered-at': '2026-03-01T09:30:00.000Z',
  });
  expect(delivery.headers['x-shopify-webhook-id']).not.toBe(delivery.headers['x-shopify-event-id']);
});
