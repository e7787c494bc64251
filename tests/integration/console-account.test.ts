import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptLimits } from '#app/auth/attempts.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';

const password = 'a long enough password';
let app: TestConsole;

beforeAll(async () => {
  app = await startConsole();
});
afterAll(() => app.close());

const get = (path: string, cookie = '') =>
  fetch(`${app.url}${path}`, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
const post = (path: string, headers: Record<string, string>, fields: Record<string, string>) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields),
  });

describe('FEATURE changing one’s own password', () => {
  const wanted = 'another long password';
  const email = (name: string) => `${name}@passwords.example`;
  const change = (cookie: string, fields: Partial<Record<'current' | 'wanted' | 'repeated', string>>) =>
    post('/account', { origin: app.url, cookie }, { current: password, wanted, repeated: wanted, ...fields });
  const person = async (name: string) => {
    await app.users.create({ email: email(name), name, roles: ['viewer'], password });
    return app.signIn(email(name), password);
  };

  it('needs a session and comes from the console itself', async () => {
    expect((await get('/account')).headers.get('location')).toBe('/sign-in?next=%2Faccount');
    expect((await change('', {})).status).toBe(302);
    const cookie = await person('origin');
    const foreign = await post('/account', { origin: 'https://evil.example', cookie }, { current: password, wanted });
    expect(foreign.status).toBe(403);
    expect(await app.signIn(email('origin'), password)).not.toBe('');
  });

  it('changes it, goes on under a new session and ends every other one', async () => {
    const here = await person('here');
    const elsewhere = await app.signIn(email('here'), password);
    const changed = await change(here, {});
    expect(changed.status).toBe(200);
    expect(await changed.text()).toContain('Your password is changed');
    const renewed = changed.headers.getSetCookie().at(-1)?.split(';')[0] ?? '';
    expect((await get('/account', renewed)).status).toBe(200);
    for (const dead of [here, elsewhere])
      expect((await get('/account', dead)).headers.get('location')).toBe('/sign-in?next=%2Faccount&ended=1');
    expect(await app.signIn(email('here'), password)).toBe('');
    expect(await app.signIn(email('here'), wanted)).not.toBe('');
  });

  it.each([
    ['is too short', { wanted: 'short', repeated: 'short' }, 'A password has at least 12 characters.'],
    ['is the old one', { wanted: password, repeated: password }, 'This is the password you have now'],
    ['was typed in two ways', { repeated: 'another long passwort' }, 'This is not the same as the new password.'],
  ])('refuses a new password that %s, without looking at the current one', async (name, fields, said) => {
    const cookie = await person(name.replaceAll(' ', '-'));
    const refused = await change(cookie, fields);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(said);
    expect((await get('/account', cookie)).status).toBe(200);
  });

  it('allows as many guesses at the current password as at sign-in, and ends no session by them', async () => {
    const cookie = await person('guesser');
    for (let i = 0; i < attemptLimits.account; i++)
      expect((await change(cookie, { current: `a wrong password ${i}` })).status).toBe(401);
    const refused = await change(cookie, {});
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get('/account', cookie)).status).toBe(200);
  });

  it('is in the audit trail, changed or refused, without a word of any password', async () => {
    const entries = await app.console.services.audit.latest(200);
    const here = await app.users.byEmail(email('here'));
    const guesser = await app.users.byEmail(email('guesser'));
    expect(entries).toContainEqual(expect.objectContaining({ action: 'password_changed', actor: here?.id }));
    expect(entries).toContainEqual(expect.objectContaining({ action: 'password_change_refused', actor: guesser?.id }));
    expect(JSON.stringify(entries)).not.toContain(wanted);
  });
});
