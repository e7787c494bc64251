import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signTimestamped, verifyTimestamped } from './timestamped-signature.ts';

const body = new TextEncoder().encode('{"id":"evt_1"}');
const now = new Date('2026-03-01T12:00:00.000Z');
const seconds = now.getTime() / 1000;
const verify = (header: string, given: { secret?: string; at?: Date; of?: Uint8Array } = {}) =>
  verifyTimestamped(given.of ?? body, given.secret ?? 'new', header, { now: given.at ?? now, toleranceS: 300 });
const later = (s: number) => new Date(now.getTime() + s * 1000);
const v1 = (secret: string, t = seconds) => createHmac('sha256', secret).update(`${t}.{"id":"evt_1"}`).digest('hex');

describe('a signature with its moment', () => {
  it('is the HMAC of the moment, a dot and exactly these bytes', () => {
    expect(signTimestamped(body, 'new', now)).toBe(`t=${seconds},v1=${v1('new')}`);
    expect(verify(`t=${seconds},v1=${v1('new')}`)).toBe(true);
    expect(verify(`t=${seconds},v1=${v1('new').toUpperCase()},v0=${v1('old')}`)).toBe(true);
    expect(verify(signTimestamped(body, 'new', now), { of: body.subarray(1) })).toBe(false);
    expect(verify(signTimestamped(body, 'other', now))).toBe(false);
  });

  it('counts for five minutes, before and after', () => {
    const header = signTimestamped(body, 'new', now);
    expect([-301, -300, 300, 301].map((s) => verify(header, { at: later(s) }))).toEqual([false, true, true, false]);
  });

  it('cannot be given another moment', () => {
    expect(verify(`t=${seconds + 1},v1=${v1('new')}`)).toBe(false);
  });

  it('is any of several while the secret is rotated', () => {
    const header = `t=${seconds},v1=${v1('old')},v1=${v1('new')}`;
    expect(verify(header, { secret: 'new' })).toBe(true);
    expect(verify(header, { secret: 'old' })).toBe(true);
    expect(verify(header, { secret: 'third' })).toBe(false);
  });

  it.each([
    '',
    't=',
    `v1=${v1('new')}`,
    `t=${seconds}`,
    `t=${seconds},v0=${v1('new')}`,
    `t=${seconds},v1=abc`,
    't=x,v1=',
  ])('is not %j', (header) => expect(verify(header)).toBe(false));

  it('verifies nothing for an unknown sender', () => {
    const header = signTimestamped(body, 'undefined', now);
    expect(verifyTimestamped(body, undefined, header, { now, toleranceS: 300 })).toBe(false);
  });
});
