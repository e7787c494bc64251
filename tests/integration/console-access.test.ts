import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptLimits } from '#app/auth/attempts.ts';
import { longestSessionMs, sessionKey } from '#app/auth/session-store.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';

const password = 'a long enough password';
let app: TestConsole;

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'Ops@Example.com', name: 'Olga Ops', roles: ['operations'], password });
  await app.users.create({ email: 'change@example.com', name: 'Cora Change', roles: ['viewer'], password });
  await app.users.create({ email: 'guess@example.com', name: 'Gus Guess', roles: ['viewer'], password });
});
afterAll(() => app.close());

const get = (path: string, cookie = '') =>
  fetch(`${app.url}${path}`, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
const post = (path: string, headers: Record<string, string>, fields: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields),
  });

describe('FEATURE sign-in', () => {
  it('sends a stranger to sign in and back to where they wanted to go', async () => {
    const response = await get('/?range=1h');
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent('/?range=1h')}`);
    expect((await get('/search?q=1001')).status).toBe(302);
    expect((await get('/live')).status).toBe(401);
  });

  it('signs in whatever the case of the address, with a cookie no script can read', async () => {
    const response = await post(
      '/sign-in?next=%2F%3Frange%3D1h',
      { origin: app.url },
      { email: 'ops@example.COM', password },
    );
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/?range=1h');
    const cookie = response.headers.getSetCookie().join();
    expect(cookie).toMatch(/syncline_session=[a-z0-9]+/);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    const page = await get('/', cookie.split(';')[0]);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Orders per minute');
  });

  it('says the same of a wrong password and an unknown address', async () => {
    const wrong = await post('/sign-in', { origin: app.url }, { email: 'ops@example.com', password: 'wrong' });
    const unknown = await post('/sign-in', { origin: app.url }, { email: 'nobody@example.com', password });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const message = 'The e-mail address or the password is not right.';
    expect(await wrong.text()).toContain(message);
    expect(await unknown.text()).toContain(message);
  });

  it('keeps only the hash of a session id', async () => {
    const cookie = await app.signIn('ops@example.com', password);
    const id = cookie.replace('syncline_session=', '');
    const kv = await openBucket(app.console.services.nats, buckets.sessions);
    const keys = await keysOf(kv);
    expect(keys).toContain(sessionKey(id));
    expect(keys.join()).not.toContain(id);
  });

  it('begins a new session at sign-in and ends the one the browser came with', async () => {
    const first = await app.signIn('ops@example.com', password);
    const again = await post('/sign-in', { origin: app.url, cookie: first }, { email: 'ops@example.com', password });
    expect(again.headers.getSetCookie().join()).not.toContain(first);
    expect((await get('/', first)).status).toBe(302);
  });

  it('ends every session of a user whose roles change', async () => {
    const cookie = await app.signIn('change@example.com', password);
    expect((await get('/', cookie)).status).toBe(200);
    const user = await app.users.byEmail('change@example.com');
    await app.users.change(user?.id ?? '', { roles: ['support'] });
    const response = await get('/', cookie);
    expect(response.status).toBe(302);
    expect(response.headers.getSetCookie().join()).toContain('Max-Age=0');
  });

  it('says that a session has ended, once, and leads back; a first visit and who signed out are told nothing', async () => {
    const said = 'Your session has ended. Sign in again.';
    const cookie = await app.signIn('change@example.com', password);
    const user = await app.users.byEmail('change@example.com');
    await app.users.change(user?.id ?? '', { roles: ['viewer'] });
    const sent = await get('/orders?problem=late', cookie);
    const signIn = `/sign-in?next=${encodeURIComponent('/orders?problem=late')}&ended=1`;
    expect(sent.headers.get('location')).toBe(signIn);
    expect(await (await get(signIn)).text()).toContain(said);
    const back = await post(signIn, { origin: app.url }, { email: 'change@example.com', password });
    expect(back.headers.get('location')).toBe('/orders?problem=late');

    expect((await get('/orders')).headers.get('location')).toBe('/sign-in?next=%2Forders');
    expect(await (await get('/sign-in?next=%2Forders')).text()).not.toContain(said);
    const begun = await app.signIn('ops@example.com', password);
    const ended = await post('/sign-out', { origin: app.url, cookie: begun });
    expect(ended.headers.get('location')).toBe('/sign-in');
  });

  it('keeps the cookie in the browser longer than the session, so that an ended one is known', async () => {
    const response = await post('/sign-in', { origin: app.url }, { email: 'ops@example.com', password });
    const age = /Max-Age=(\d+)/.exec(response.headers.getSetCookie().join())?.[1];
    expect(Number(age)).toBeGreaterThan(longestSessionMs / 1_000);
  });

  it('signs out', async () => {
    const cookie = await app.signIn('ops@example.com', password);
    await post('/sign-out', { origin: app.url, cookie });
    expect((await get('/', cookie)).status).toBe(302);
  });

  it('allows a bounded number of attempts on an account, right password or not, and says when to come back', async () => {
    const tries = Array.from({ length: attemptLimits.account + 3 }, () =>
      post('/sign-in', { origin: app.url }, { email: 'guess@example.com', password: 'wrong' }),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(attemptLimits.account);
    const refused = await post('/sign-in', { origin: app.url }, { email: 'guess@example.com', password });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('records who signed in and who was refused', async () => {
    const entries = await app.console.services.audit.latest(100);
    const types = new Set(entries.map(({ action }) => action));
    expect(types).toContain('signed_in');
    expect(types).toContain('sign_in_refused');
    expect(types).toContain('signed_out');
    expect(JSON.stringify(entries)).not.toContain(password);
  });
});

describe('FEATURE search', () => {
  beforeAll(async () => {
    await app.users.create({ email: 'view@example.com', name: 'Vic View', roles: ['viewer'], password });
    await app.users.create({ email: 'support@example.com', name: 'Sue Support', roles: ['support'], password });
    const step = {
      event_id: 'shop==1:1',
      ordinal: 1,
      trace_id: 'a'.repeat(32),
      flow: 'order_to_cash',
      key: 'shop==1',
      step: 'intake_received',
      business_key: '#1001',
      status: 'completed',
      started_at: '2026-03-01T12:00:00.000Z',
      ended_at: '2026-03-01T12:00:00.100Z',
      occurred_at: '2026-03-01T11:59:59.000Z',
      attributes: { ref_order_number: '#1001', ref_customer_email: 'jo@customer.example' },
    };
    await app.clickhouse.clickhouse.insertRaw('steps_landing', Buffer.from(JSON.stringify(step)), {
      date_time_input_format: 'best_effort',
    });
  });
  const find = async (email: string, text: string) => {
    const response = await get(`/search?q=${encodeURIComponent(text)}`, await app.signIn(email, password));
    return (await response.json()) as { groups: { items: { path: string; label: string }[] }[]; failed?: boolean };
  };

  it('finds an order by the beginning of its number', async () => {
    const found = await find('view@example.com', '#100');
    expect(found.failed).toBeUndefined();
    expect(found.groups.map((group) => group.items)).toEqual([
      [{ path: '/orders/shop%3D%3D1', label: '#1001', note: 'order number' }],
    ]);
  });

  it('finds by customer only where the role may see personal data', async () => {
    expect((await find('support@example.com', 'jo@customer')).groups).toHaveLength(1);
    expect((await find('view@example.com', 'jo@customer')).groups).toEqual([]);
  });
});

describe('FEATURE the browser’s protections', () => {
  it('sets a policy under which only our own scripts of this very response run', async () => {
    const [one, two] = await Promise.all([get('/sign-in'), get('/sign-in')]);
    const policy = one.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(nonce).toBeDefined();
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(policy).not.toMatch(/style-src-elem[^;]*unsafe/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(two.headers.get('content-security-policy')).not.toBe(policy);
    const scripts = [...(await one.text()).matchAll(/<script(?![^>]*\bsrc=)[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(0);
    for (const tag of scripts) expect(tag).toContain(`nonce="${nonce}"`);
  });

  it.each([
    ['another site’s form', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another origin on the same host', { origin: 'http://127.0.0.1:1' }],
    ['a sibling subdomain', { 'sec-fetch-site': 'same-site' }],
    ['an opaque origin', { origin: 'null' }],
    ['no origin at all', {}],
  ])('refuses a change that comes from %s', async (_, headers) => {
    const response = await post('/sign-in', headers, { email: 'ops@example.com', password });
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('refuses a body that is too long', async () => {
    const response = await post('/sign-in', { origin: app.url }, { email: 'x'.repeat(4 * 1024 * 1024) });
    expect(response.status).toBe(413);
  });
});

it('answers for its health, readiness and metrics', async () => {
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
  expect(await (await get('/readyz')).json()).toEqual({ ready: true, reasons: [] });
  expect(await (await get('/metrics')).text()).toContain('console_request_seconds');
});
