import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewsAnswer, ViewsResult } from '#app/routes/views.ts';
import { savableLists } from '#app/views/saved-view.ts';
import { viewsPerUser } from '#app/views/view-store.ts';
import { may } from '#contracts/v1/permissions.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';

const password = 'a long enough password';
let app: TestConsole;
let olga: string;
let sam: string;

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'olga@example.com', name: 'Olga Ops', roles: ['operations'], password });
  await app.users.create({ email: 'sam@example.com', name: 'Sam Support', roles: ['support'], password });
  olga = await app.signIn('olga@example.com', password);
  sam = await app.signIn('sam@example.com', password);
});
afterAll(() => app.close());

async function viewsOf(cookie: string, list = 'orders') {
  const response = await fetch(`${app.url}/views?list=${list}`, { headers: { cookie } });
  return ((await response.json()) as ViewsAnswer).views;
}
async function change(cookie: string, fields: Record<string, string>, origin = app.url) {
  const response = await fetch(`${app.url}/views`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, origin },
    body: new URLSearchParams({ list: 'orders', ...fields }),
  });
  return { status: response.status, ...((await response.json().catch(() => ({}))) as Partial<ViewsResult>) };
}
const save = (cookie: string, name: string, more: Record<string, string> = {}) =>
  change(cookie, { intent: 'save', name, search: '?lifecycle=shipped&page=3', ...more });

describe('a saved view', () => {
  it('keeps filters, order and columns, but not the page, for whoever saved it', async () => {
    expect(await save(olga, ' Shipped ')).toMatchObject({ ok: true });
    expect(await viewsOf(olga)).toMatchObject([
      { name: 'Shipped', path: '/orders', search: 'lifecycle=shipped', shared: false, mine: true },
    ]);
    expect(await viewsOf(sam)).toEqual([]);
    expect((await viewsOf(olga, 'quarantine')).filter(({ ownerName }) => ownerName !== '')).toEqual([]);
  });

  it('comes with the console for what everybody, or whoever approves, looks for', async () => {
    const names = async (cookie: string) => (await viewsOf(cookie, 'quarantine')).map(({ name }) => name);
    expect(await names(olga)).toEqual(['Mentions me', 'Waiting for my approval']);
    expect(await names(sam)).toEqual(['Mentions me']);
    expect(await change(olga, { list: 'quarantine', intent: 'remove', id: 'mentions' })).toMatchObject({ ok: false });
  });

  it('is offered to everybody once shared, and deleted only by its owner', async () => {
    expect(await save(olga, 'Late in Europe', { shared: 'yes' })).toMatchObject({ ok: true });
    const [shared] = await viewsOf(sam);
    expect(shared).toMatchObject({ name: 'Late in Europe', mine: false, ownerName: 'Olga Ops' });
    const id = shared?.id ?? '';
    expect(await change(sam, { intent: 'remove', id })).toMatchObject({ ok: false });
    expect(await viewsOf(sam)).toHaveLength(1);
    expect(await change(olga, { intent: 'remove', id })).toMatchObject({ ok: true });
    expect(await viewsOf(sam)).toEqual([]);
  });

  it('is of every page with filters', async () => {
    // Those of one thing alone: a stock keeping unit, a webhook.
    const parts = ['app/inventory/sku-page.tsx', 'app/webhooks/delivery-log.tsx'];
    const offered: string[] = [];
    for (const file of await readdir('app', { recursive: true })) {
      if (!file.endsWith('.tsx')) continue;
      const source = await readFile(join('app', file), 'utf8');
      const lists = [...source.matchAll(/<ViewsMenu list="([\w-]+)"/g)].map(([, list = '']) => list);
      offered.push(...lists);
      if (/<(FilterMenu|FindBox)\b/.test(source) && !parts.includes(join('app', file)))
        expect(lists, `${file} has filters and offers its views`).toHaveLength(1);
    }
    expect(offered.sort()).toEqual(Object.keys(savableLists).sort());
  });

  it('is of every list that has filters, for whoever may see the list', async () => {
    for (const [list, { path, permission }] of Object.entries(savableLists)) {
      const allowed = may(['support'], permission);
      const { status, ok } = await change(sam, { list, intent: 'save', name: 'Mine', search: '?q=1&page=2' });
      expect({ list, status, ok }).toEqual({ list, status: allowed ? 200 : 403, ok: allowed ? true : undefined });
      if (!allowed) continue;
      const mine = (await viewsOf(sam, list)).filter((view) => view.mine);
      expect(mine).toMatchObject([{ name: 'Mine', path, search: 'q=1' }]);
      const page = await (await fetch(`${app.url}${path}`, { headers: { cookie: sam } })).text();
      expect(page, `${path} offers its views`).toMatch(
        /<button[^>]*aria-haspopup="dialog"[^>]*>(?:(?!<\/button>).)* Views/,
      );
      expect(await change(sam, { list, intent: 'remove', id: mine[0]?.id ?? '' })).toMatchObject({ ok: true });
    }
    expect(may(['support'], savableLists.rejected.permission)).toBe(false);
  });

  it('needs a name, a list and a session, and comes from our own pages', async () => {
    expect(await save(olga, '  ')).toMatchObject({ ok: false, message: expect.stringContaining('name') as string });
    expect(await save(olga, 'x'.repeat(81))).toMatchObject({ ok: false });
    expect((await change(olga, { list: 'users', intent: 'save', name: 'x', search: '' })).status).toBe(404);
    expect((await change('', { intent: 'save', name: 'x', search: '' })).status).toBe(302);
    expect((await change(olga, { intent: 'save', name: 'x', search: '' }, 'https://evil.example')).status).toBe(403);
  });

  it('is one of a bounded number', async () => {
    for (let i = 0; i < viewsPerUser; i++) expect(await save(sam, `View ${i}`)).toMatchObject({ ok: true });
    expect(await save(sam, 'one more')).toMatchObject({ ok: false });
    expect(await viewsOf(sam)).toHaveLength(viewsPerUser);
  });
});
