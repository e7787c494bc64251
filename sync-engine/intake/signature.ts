import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Stands in for the secret of a sender nobody knows, so that refusing it takes as long as refusing a wrong signature. */
export const nobodysSecret = randomBytes(32).toString('hex');

/**
 * Whether `signature` is the HMAC-SHA256 of exactly these bytes under the secret. Constant in time.
 * @param secret undefined for an unknown sender, which never verifies.
 */
export function verifySignature(
  body: Uint8Array,
  secret: string | undefined,
  signature: string,
  encoding: 'base64' | 'hex',
): boolean {
  const expected = Buffer.from(
    createHmac('sha256', secret ?? nobodysSecret)
      .update(body)
      .digest(encoding),
  );
  // Compared as text: decoders of base64 ignore what follows the padding.
  const given = Buffer.from(encoding === 'hex' ? signature.toLowerCase() : signature);
  const comparable = given.length === expected.length ? given : Buffer.alloc(expected.length);
  const equal = timingSafeEqual(expected, comparable);
  return equal && given.length === expected.length && secret !== undefined;
}
