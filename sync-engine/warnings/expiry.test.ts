import { describe, expect, it } from 'vitest';
import { datedCredentials, endingOf, tlsServers } from './expiry.ts';

const now = new Date('2026-03-02T10:00:00.000Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

describe('what ends', () => {
  it('is warned of thirty days ahead and presses from a week ahead on', () => {
    expect(endingOf(inDays(30), now)).toBeUndefined();
    expect(endingOf(inDays(29), now)).toMatchObject({
      severity: 'warn',
      words: expect.stringContaining('in 29 days') as string,
    });
    expect(endingOf(inDays(6.5), now)).toMatchObject({
      severity: 'bad',
      words: expect.stringContaining('in 6 days') as string,
    });
    expect(endingOf(inDays(-2), now)).toEqual({ severity: 'bad', words: 'ended at 2026-02-28 10:00 UTC' });
  });
});

describe('credentials with a day', () => {
  const settings = { access_token: 'env:TOKEN', 'expires.access_token': '2026-03-31' };

  it('end with that day', () => {
    expect(datedCredentials({ id: 'shop', settings })).toEqual([
      { setting: 'access_token', ends: new Date('2026-04-01T00:00:00.000Z') },
    ]);
  });

  it.each([
    [{ ...settings, 'expires.access_token': 'soon' }, /expires\.access_token.*"soon".*2027-03-31/],
    [{ ...settings, 'expires.access_token': '2026-02-31T' }, /expected a day/],
    [{ ...settings, 'expires.access_token': '2026-02-31' }, /expected a day/],
    [{ 'expires.token': '2026-03-31' }, /about "token", which is not there/],
  ])('that are not well said stop the start, named', (wrong, words) => {
    expect(() => datedCredentials({ id: 'shop', settings: wrong })).toThrow(words);
  });
});

describe('servers with a certificate', () => {
  it('are those that are spoken to by TLS from the start, each once', () => {
    const settings = { token_url: 'https://login.example/token', admin_url: 'https://admin.example/{id}' };
    expect(tlsServers({ base_url: 'https://shop.example/api', settings })).toEqual([
      { host: 'shop.example', port: 443 },
      { host: 'login.example', port: 443 },
    ]);
    expect(tlsServers({ base_url: 'smtps://mail.example', settings: {} })).toEqual([
      { host: 'mail.example', port: 465 },
    ]);
    for (const base_url of ['http://shop.example', 'file:drop', 'smtp://mail.example'])
      expect(tlsServers({ base_url, settings: {} })).toEqual([]);
  });
});
