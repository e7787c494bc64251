import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrdersPlan } from '#contracts/v1/reconciliation.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { createConsole, type Console } from '#app/server/console.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { openUsers } from '#platform/users.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { type TestClickHouse, startClickHouse } from '#tests/support/clickhouse.ts';
import { consoleBundle } from '#tests/support/console.ts';
import { orderDraft, startEngine, type TestEngine } from '#tests/support/engine.ts';
import { never, reconcile } from '#tests/support/reconciliation.ts';

const password = 'a long enough password';
const plan: OrdersPlan = {
  ...never,
  id: 'orders',
  name: 'Orders of the shops',
  kind: 'orders',
  systems: [],
  grace_s: 60,
  overlap_s: 3600,
};

let engine: TestEngine;
let clickhouse: TestClickHouse;
let app: Console;
let ingest: Ingest;
let url: string;
let cookies: { olga: string; vera: string };
/** What customers paid, of the orders that nobody was told of, by the shop's number. */
const lost = new Map<string, { currency: string; total: string }>();

function lose(shop: string, id: number, currency: string, unitCents: number): void {
  const [line] = orderDraft(engine.simulator, { id }).lines;
  if (line === undefined) throw new Error('an order without lines');
  const placedAt = new Date(Date.now() - 600_000);
  const draft = orderDraft(engine.simulator, { id, currency, placedAt, lines: [{ ...line, unitCents }] });
  const order = buildShopifyOrder(draft, shop);
  engine.simulator.placeOrder(shop, JSON.stringify(order));
  lost.set(order.name, { currency, total: order.total_price });
}

beforeAll(async () => {
  engine = await startEngine({ estate: (estate) => ({ ...estate, reconciliations: [plan] }) });
  const declared_at = new Date(Date.now() - 3_600_000).toISOString();
  await engine.js.publish(subjects.reconciliationPlan(plan.id), JSON.stringify({ declared_at }));
  clickhouse = await startClickHouse({ readers: 2 });
  const metrics = () => createMetrics('test', { defaults: false });
  ingest = await createIngest({
    ...{ nc: engine.nc, clickhouse: clickhouse.clickhouse, log: silentLog, metrics: metrics(), shards: 1 },
  });
  app = await createConsole({
    ...{ nats: engine.nc, clickhouse: clickhouse.clickhouse, estate: engine.estate, log: silentLog },
    metrics: metrics(),
    bundle: await consoleBundle(),
  });
  url = `http://127.0.0.1:${await app.listen(0)}`;
  const users = await openUsers(engine.nc);
  const signIn = async (email: string, role: 'operations' | 'viewer') => {
    await users.create({ email, name: email, roles: [role], password });
    const response = await post('/sign-in', { email, password }, '');
    return response.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  };
  cookies = { olga: await signIn('olga@example.com', 'operations'), vera: await signIn('vera@example.com', 'viewer') };
  lose('shopify-us', 91_001, 'USD', 1_999);
  lose('shopify-us', 91_002, 'USD', 2_550);
  lose('shopify-eu', 91_003, 'EUR', 4_010);
  await reconcile(engine, plan.id);
}, 120_000);
afterAll(async () => {
  await app.close();
  await ingest.close();
  await clickhouse.close();
  await engine.close();
});

const page = async (path: string, cookie = cookies.olga): Promise<string> =>
  (await (await fetch(url + path, { headers: { cookie } })).text()).replaceAll('<!-- -->', '');
const post = (path: string, form: Record<string, string>, cookie = cookies.olga) =>
  fetch(url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  });

/** Hundredths, so that the sum is worked out by other means than the page's. */
const inDollars = (orders: Iterable<{ currency: string; total: string }>): string => {
  const cents = [...orders].reduce(
    (sum, { currency, total }) =>
      sum + Math.round(Number(total) * 100) * Number(engine.estate.rates[currency as 'USD' | 'EUR']),
    0,
  );
  return (Math.round(cents) / 100).toFixed(2);
};

describe('orders that never arrived, in the console', () => {
  it('are counted with their money in the reporting currency, and the figure leads to just them', async () => {
    await expect.poll(() => page('/reconciliation?domain=orders'), { timeout: 20_000 }).toContain('1 to 3 of 3');
    const text = await page('/reconciliation');
    const amount = inDollars(lost.values());
    const tile = /data-testid="tile-orders"[^]*?<\/a>/.exec(text)?.[0] ?? '';
    expect(tile).toContain('>3<');
    expect(tile).toContain(`${amount} USD`);
    expect(text).toContain('Fetch and send through 3');
    const list = await page('/reconciliation?domain=orders');
    for (const [number] of lost) expect(list).toContain(number);
    const live = await page('/');
    expect(live).toContain(`3 never arrived, ${Math.round(Number(amount))} USD`);
    expect(live).toContain('href="/reconciliation?domain=orders"');
  });

  it('are exported as they are listed, each with its own currency', async () => {
    const csv = await page('/reconciliation/export.csv?domain=orders');
    const rows = csv.trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(3);
    for (const [number, { currency, total }] of lost)
      expect(rows.find((row) => row.includes(`,${number},`))).toContain(`,${total},${total},${currency},`);
  });

  it('are not to be fetched by who may only look', async () => {
    expect(await page('/reconciliation', cookies.vera)).not.toContain('Fetch and send through');
    const form = { search: '?domain=orders', orders: '3', amount: inDollars(lost.values()) };
    expect((await post('/reconciliation/fetch', form, cookies.vera)).status).toBe(403);
  });

  it('are not fetched where others are missing than were confirmed', async () => {
    const form = { search: '?domain=orders', orders: '2', amount: '10.00' };
    const answer: unknown = await (await post('/reconciliation/fetch', form)).json();
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('3 are missing') as string });
  });

  it('are fetched as the filters leave them, and are missing no more', async () => {
    const american = [...lost.values()].filter(({ currency }) => currency === 'USD');
    const form = { search: '?domain=orders&system=shopify-us', orders: '2', amount: inDollars(american) };
    const answer: unknown = await (await post('/reconciliation/fetch', form)).json();
    expect(answer).toMatchObject({ ok: true, message: '2 orders were fetched and sent through.' });
    for (const id of [91_001, 91_002])
      await engine.until(`shopify-us==${id}`, ({ step, status }) => step === 'settle' && status === 'completed');
    await expect.poll(() => page('/reconciliation?domain=orders'), { timeout: 20_000 }).toContain('1 to 1 of 1');
    const european = [...lost.values()].filter(({ currency }) => currency === 'EUR');
    expect(await page('/reconciliation')).toContain(`${inDollars(european)} USD`);
    const healed = await page('/reconciliation?domain=orders&status=healed');
    const path = /href="(\/reconciliation\/breaks\/[^"]+)"/.exec(healed)?.[1] ?? '';
    const one = await page(path);
    expect(one).toContain('Fetched from the channel and sent through.');
    expect(one).toContain('by olga@example.com');
    expect(one).toMatch(/href="\/orders\/shopify-us(==|%3D%3D)9100[12]"/);
  });
});
