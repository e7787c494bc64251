import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { verifySignature } from './signature.ts';

const body = new TextEncoder().encode('{"id":1}');
const sign = (secret: string, encoding: 'base64' | 'hex') => createHmac('sha256', secret).update(body).digest(encoding);

it.each(['base64', 'hex'] as const)('accepts the HMAC of exactly these bytes, as %s', (encoding) => {
  expect(verifySignature(body, 'secret', sign('secret', encoding), encoding)).toBe(true);
  expect(verifySignature(body.subarray(1), 'secret', sign('secret', encoding), encoding)).toBe(false);
  expect(verifySignature(body, 'other', sign('secret', encoding), encoding)).toBe(false);
});

it.each(['', 'AAAA', '!', sign('secret', 'base64').slice(0, -4), `${sign('secret', 'base64')}AAAA`])(
  'refuses the signature %j',
  (signature) => {
    expect(verifySignature(body, 'secret', signature, 'base64')).toBe(false);
  },
);

it('verifies nothing for an unknown sender', () => {
  expect(verifySignature(body, undefined, sign('', 'hex'), 'hex')).toBe(false);
  expect(verifySignature(body, undefined, sign('undefined', 'hex'), 'hex')).toBe(false);
});
