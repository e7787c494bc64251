import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueryProgress } from '#app/sql/progress.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { queryTables } from '#platform/clickhouse/query-tables.ts';
import { addStream } from '#platform/nats/streams.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { at, createOrderStory } from '../support/order-story.ts';

const password = 'a long enough password';
const story = createOrderStory();
let app: TestConsole;
const cookies: Record<string, string> = {};

const order = (number: number) => ({
  key: `shop==${number}`,
  number: `#${number}`,
  placed: -5,
  channel: 'web',
  amount: '10.00',
  currency: 'USD',
  deadline: undefined,
});

const get = (path: string, who: string) =>
  fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie: cookies[who] ?? '' } });
const post = (path: string, form: Record<string, string>, who: string, origin = app.url) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies[who] ?? '', origin },
    body: new URLSearchParams(form),
  });
const page = async (path: string, who: string) => (await (await get(path, who)).text()).replaceAll('<!-- -->', '');

async function run(sql: string, who: string, range: Record<string, string> = {}): Promise<QueryProgress[]> {
  const response = await post('/query/run', { sql, ...range }, who);
  expect(response.status).toBe(200);
  return (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as QueryProgress);
}
/** Saves a query. @returns its id */
async function save(form: Record<string, string>, who: string): Promise<string> {
  const response = await post('/query/saved', form, who);
  const answer = (await response.json()) as { ok: boolean; id?: string };
  expect(answer.ok).toBe(true);
  return answer.id ?? '';
}
const remove = async (id: string, who: string) =>
  (
    (await (await post('/query/saved', { intent: 'remove', id }, who)).json()) as {
      ok: boolean;
    }
  ).ok;

beforeAll(async () => {
  app = await startConsole();
  for (const [name, role] of [
    ['fin', 'finance'],
    ['ops', 'operations'],
    ['root', 'administrator'],
    ['view', 'viewer'],
    ['sup', 'support'],
  ] as const) {
    await app.users.create({ email: `${name}@example.com`, name: `${name} person`, roles: [role], password });
    cookies[name] = await app.signIn(`${name}@example.com`, password);
  }
  for (let number = 1; number <= 5; number += 1)
    story.add(order(number), 'erp_create_sales_order', number, { system: 'erp' });
  await story.land(app.clickhouse.clickhouse);
}, 60_000);
afterAll(() => app.close());

describe('the page of Query', () => {
  it('offers every table with its columns and types, the examples and the limits', async () => {
    const text = await page('/query', 'fin');
    for (const { name, about } of queryTables) {
      expect(text).toContain(`>${name}<`);
      expect(text).toContain(about);
    }
    expect(text).toContain('DateTime64(3, &#x27;UTC&#x27;)');
    expect(text).toContain('Open orders by where they stand');
    expect(text).toContain('At most 30 s, 250 million rows read');
  });

  it('opens with the text of a link, and never takes it for markup', async () => {
    const text = await page(
      `/query?q=${encodeURIComponent('SELECT 1 -- </textarea><script>alert(1)</script>')}`,
      'fin',
    );
    expect(text).toContain('SELECT 1 -- &lt;/textarea&gt;');
    expect(text).not.toContain('<script>alert(1)');
  });

  it('answers a query within the time range of the page', async () => {
    const sql = `SELECT count() AS orders FROM completions WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}`;
    expect((await run(sql, 'fin', { range: 'custom', from: at(2), to: at(4) })).at(-1)).toMatchObject({
      state: 'done',
      result: { rows: [['2']], more: false },
    });
  });

  it('tells what is wrong and where', async () => {
    expect((await run('SELECT 1;\nDROP TABLE steps', 'ops')).at(-1)).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('one statement') as string,
    });
    expect((await run('x'.repeat(30_000), 'ops')).at(-1)).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('at most 20000 characters') as string,
    });
    expect((await run('SELECT 1', 'ops', { range: 'x'.repeat(50) })).at(-1)).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('time range') as string,
    });
  });

  it('is recorded with who asked, without what was asked', async () => {
    await run('SELECT 7 AS lucky', 'ops');
    await expect
      .poll(async () =>
        (await app.console.services.audit.latest(5)).map(({ action, detail }) => ({ action, ...detail })),
      )
      .toContainEqual(expect.objectContaining({ action: 'query.run', rows: '1' }));
    expect(JSON.stringify(await app.console.services.audit.latest(20))).not.toContain('lucky');
  });
});

describe('saved queries', () => {
  it('are kept for their owner, changed in place, and offered to others once shared', async () => {
    const id = await save({ name: 'Mine alone', sql: 'SELECT 1' }, 'fin');
    expect(await page(`/query?saved=${id}`, 'fin')).toContain('Mine alone');
    expect(await page(`/query?saved=${id}`, 'ops')).toContain('This saved query is not there');
    expect(await page('/query', 'ops')).not.toContain('Mine alone');
    expect(await save({ name: 'For all', sql: 'SELECT 2', shared: 'yes', id }, 'fin')).toBe(id);
    const others = await page(`/query?saved=${id}`, 'ops');
    expect(others).toContain('For all');
    expect(others).toContain('by fin person');
    expect(others).toContain('SELECT 2');
  });

  it('of the greatest length are opened and run', async () => {
    const sql = `SELECT length('${'x'.repeat(19_900)}') AS n`;
    const id = await save({ name: 'Longest', sql, shared: 'yes' }, 'fin');
    expect(await page(`/query?saved=${id}`, 'ops')).toContain('x'.repeat(19_900));
    expect((await run(sql, 'ops')).at(-1)).toMatchObject({ state: 'done', result: { rows: [['19900']] } });
  });

  it('of somebody else are saved anew, never changed', async () => {
    const id = await save({ name: 'Original', sql: 'SELECT 1', shared: 'yes' }, 'fin');
    expect(await save({ name: 'Copy', sql: 'SELECT 9', id }, 'ops')).not.toBe(id);
    expect(await page(`/query?saved=${id}`, 'fin')).toContain('Original');
  });

  it('are deleted by their owner or an administrator alone', async () => {
    const [first, second] = [
      await save({ name: 'First', sql: 'SELECT 1', shared: 'yes' }, 'fin'),
      await save({ name: 'Second', sql: 'SELECT 1', shared: 'yes' }, 'fin'),
    ];
    expect(await remove(first, 'ops')).toBe(false);
    expect(await remove(first, 'fin')).toBe(true);
    expect(await remove(second, 'root')).toBe(true);
    expect(await remove(second, 'root')).toBe(false);
    expect(await remove('*', 'root')).toBe(false);
  });
});

describe('who may query', () => {
  it.each(['view', 'sup'])('is not %s: neither page, run nor saved queries, and no link leads there', async (who) => {
    expect((await get('/query', who)).status).toBe(403);
    expect((await post('/query/run', { sql: 'SELECT 1' }, who)).status).toBe(403);
    expect((await post('/query/saved', { name: 'x', sql: 'SELECT 1' }, who)).status).toBe(403);
    expect(await page('/account', who)).not.toContain('href="/query"');
    expect(await page('/account', 'ops')).toContain('href="/query"');
  });

  it('is nobody who is not signed in, and no other site', async () => {
    const strangers = await fetch(`${app.url}/query`, { redirect: 'manual' });
    expect(strangers.headers.get('location')).toContain('/sign-in');
    expect((await post('/query/run', { sql: 'SELECT 1' }, 'nobody')).status).toBe(302);
    expect((await post('/query/run', { sql: 'SELECT 1' }, 'fin', 'https://elsewhere.example')).status).toBe(403);
  });
});

describe('a query that cannot be recorded', () => {
  it('is not run, and says so', async () => {
    const { jsm } = app.console.services;
    await app.console.services.audit.kept();
    await jsm.streams.delete(streams.audit);
    const told = await run('SELECT 1', 'fin');
    await addStream(jsm, streams.audit);
    expect(told).toEqual([
      { state: 'refused', message: expect.stringContaining('the audit trail is unavailable') as string },
    ]);
    expect((await run('SELECT 1', 'fin')).at(-1)).toMatchObject({ state: 'done' });
  });
});
