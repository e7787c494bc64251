import { createHmac, timingSafeEqual } from 'node:crypto';

/** Shopify's X-Shopify-Hmac-SHA256: base64 HMAC-SHA256 of the raw body under the app's secret. */
export function signShopify(body: string | Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

/** The warehouse systems' X-Wms-Signature: hex HMAC-SHA256 of the raw body. */
export function signWms(body: string | Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** The tills' X-Pos-Signature: hex HMAC-SHA256 of the raw body. */
export function signPos(body: string | Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** EasyPost's X-Hmac-Signature: hex HMAC-SHA256 of the raw body behind the name of the algorithm. */
export function signEasyPost(body: string | Uint8Array, secret: string): string {
  return `hmac-sha256-hex=${createHmac('sha256', secret.normalize('NFKD')).update(body).digest('hex')}`;
}

/** Stripe's Stripe-Signature: hex HMAC-SHA256 of the second of signing, a dot and the raw body. */
export function signStripe(body: string, secret: string, at = Math.floor(Date.now() / 1000)): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

/** Compares secrets in constant time. */
export function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
