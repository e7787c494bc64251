import { afterAll, beforeAll, expect, it } from 'vitest';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { at, createOrderStory } from '../support/order-story.ts';

/** The story's minutes are counted from its own noon; the page looks back from now. */
const now = (Date.now() - Date.parse(at(0))) / 60_000;
const DAY = 24 * 60;

const password = 'a long enough password';
let app: TestConsole;

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  const story = createOrderStory();
  const asked = (number: string, placed: number) => ({
    key: `shop==return-${number}`,
    number,
    placed: now + placed,
    channel: 'web',
    amount: '',
    currency: '',
    deadline: now + placed + DAY,
  });
  const order = { ref_order_key: 'shop==77', ref_order_number: '#77' };
  const tell = (number: string, placed: number, step: string, more: object = {}) =>
    story.add(asked(number, placed), step, now + placed + 1, { flow: 'return_to_refund', attributes: order, ...more });
  tell('RMA-LATE', -2 * DAY, 'authorise');
  tell('RMA-WAITS', -5, 'authorise');
  tell('RMA-STOPPED', -4, 'inspect', {
    status: 'quarantined',
    case_id: 'c1',
    error_class: 'totals',
    error_message: 'jane.doe@example.com asked again',
  });
  tell('RMA-DONE', -60, 'close', { amount: '12.34', currency: 'USD' });
  for (let i = 0; i < 60; i++) {
    const number = `OLD-${String(i).padStart(2, '0')}`;
    const more = { flow: 'return_to_refund', amount: `${i}.00`, currency: 'USD' } as const;
    story.add({ ...asked(number, -30 * DAY - i), channel: 'outlet' }, 'close', now - 20 * DAY, more);
  }
  await story.land(app.clickhouse.clickhouse);
}, 60_000);
afterAll(() => app.close());

it('lists returns with their orders, those past their time first, and by what troubles them', async () => {
  const cookie = await app.signIn('view@example.com', password);
  const page = async (search: string) =>
    (await fetch(`${app.url}/returns${search}`, { redirect: 'manual', headers: { cookie } })).text();
  const all = await page('');
  const places = ['RMA-LATE', 'RMA-STOPPED', 'RMA-WAITS', 'RMA-DONE'].map((number) => all.indexOf(`>${number}<`));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(all).toContain('/orders/shop%3D%3D77');
  expect(all).toContain('/quarantine/c1');
  const stuck = await page('?problem=stuck');
  expect(stuck).toContain('>RMA-LATE<');
  expect(stuck).not.toContain('>RMA-WAITS<');
  expect(await page('?problem=case')).not.toContain('>RMA-LATE<');
});

const csvOf = async (cookie: string, search = '') => {
  const response = await fetch(`${app.url}/returns/export.csv${search}`, { redirect: 'manual', headers: { cookie } });
  expect(response.headers.get('content-type')).toContain('text/csv');
  return (await response.text()).trim().split('\r\n');
};
const numbersIn = (html: string) => [...html.matchAll(/>((?:RMA|OLD)-[A-Z0-9]+)</g)].map(([, number]) => number);

it('pages, sorts and filters by its address, each count leading to a list of just as many', async () => {
  const cookie = await app.signIn('view@example.com', password);
  const page = async (search: string) =>
    numbersIn(await (await fetch(`${app.url}/returns${search}`, { headers: { cookie } })).text());
  expect(await page('')).toHaveLength(50);
  const second = await page('?page=2');
  expect(second).toHaveLength(14);
  expect(new Set([...(await page('')), ...second]).size).toBe(64);
  expect((await page('?channel=outlet&sort=-number')).slice(0, 2)).toEqual(['OLD-59', 'OLD-58']);
  expect((await page('?sort=refund&channel=outlet')).slice(0, 2)).toEqual(['OLD-00', 'OLD-01']);
  expect(await page('?sort=requested&problem=open')).toEqual(['RMA-LATE', 'RMA-WAITS', 'RMA-STOPPED']);
  expect(await page('?q=old-1')).toHaveLength(10);
  expect((await page('?q=%2377')).sort()).toEqual(['RMA-DONE', 'RMA-LATE', 'RMA-STOPPED', 'RMA-WAITS']);
  const html = await (await fetch(`${app.url}/returns`, { headers: { cookie } })).text();
  const counted = [...html.matchAll(/href="(\/returns[^"]*)"[^>]*>(All|Open|Stuck|In quarantine) (\d+)</g)];
  expect(counted.map(([, , word, count]) => `${word} ${count}`)).toEqual([
    'All 64',
    'Open 3',
    'Stuck 1',
    'In quarantine 1',
  ]);
  for (const [, path, , count] of counted)
    expect(await csvOf(cookie, path?.slice('/returns'.length)), path).toHaveLength(Number(count) + 1);
});

it('is had as CSV: every page of the same filters in the same order, texts masked as on the page', async () => {
  const cookie = await app.signIn('view@example.com', password);
  const [head, ...rows] = await csvOf(cookie, '?channel=outlet&sort=-number&page=2');
  expect(head).toContain('Return,Key,State,Note,Past its time,Order,Channel,Refund,Currency');
  expect(rows).toHaveLength(60);
  expect(rows[0]).toMatch(/^OLD-59,shop==return-OLD-59,refunded,,no,,outlet,59(\.0+)?,USD,/);
  const [, stopped] = await csvOf(cookie, '?problem=case');
  expect(stopped).toMatch(/^RMA-STOPPED,.*asked again.*,c1$/);
  expect(stopped).not.toContain('jane.doe@example.com');
  const stuck = await csvOf(cookie, '?problem=stuck');
  expect(stuck[1]).toMatch(/^RMA-LATE,.*,yes,#77,Web,/);
});

it('gives a stranger neither the list nor its CSV', async () => {
  for (const path of ['/returns', '/returns/export.csv']) {
    const response = await fetch(`${app.url}${path}`, { redirect: 'manual' });
    expect(response.headers.get('location'), path).toContain('/sign-in');
  }
});
