import { createHmac, timingSafeEqual } from 'node:crypto';
import { nobodysSecret } from './signature.ts';

/** More signatures than any rotation of secrets needs are not looked at. */
const MOST_SIGNATURES = 10;

const digestOf = (body: Uint8Array, secret: string, at: string): Buffer =>
  createHmac('sha256', secret).update(`${at}.`).update(body).digest();

/** The header of a body that is signed at a moment: `t=<Unix seconds>,v1=<hex>`. */
export const signTimestamped = (body: Uint8Array, secret: string, now: Date): string => {
  const at = String(Math.floor(now.getTime() / 1000));
  return `t=${at},v1=${digestOf(body, secret, at).toString('hex')}`;
};

/**
 * Whether one of the header's `v1` signatures is the HMAC-SHA256 of `<t>.<body>` under the secret, and `t` no farther from
 * `now` than the tolerance. While a secret is rotated, its sender signs with the old and the new one. Constant in time for
 * headers of one form. Source: docs.stripe.com/webhooks/signature.
 * @param secret undefined for an unknown sender, which never verifies.
 */
export function verifyTimestamped(
  body: Uint8Array,
  secret: string | undefined,
  header: string,
  { now, toleranceS }: { now: Date; toleranceS: number },
): boolean {
  const parts = header.split(',').map((part) => part.trim());
  const at = parts.find((part) => /^t=\d{1,12}$/.test(part))?.slice(2) ?? '';
  const signatures = parts.filter((part) => /^v1=[0-9a-f]{64}$/i.test(part)).slice(0, MOST_SIGNATURES);
  const expected = digestOf(body, secret ?? nobodysSecret, at);
  // Every one is compared, whichever is right.
  const matches = signatures.filter((part) => timingSafeEqual(Buffer.from(part.slice(3), 'hex'), expected));
  const inTime = at !== '' && Math.abs(now.getTime() / 1000 - Number(at)) <= toleranceS;
  return matches.length > 0 && inTime && secret !== undefined;
}
