import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReconciliationBreak, ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { afterFinding } from '#sync-engine/reconciliation/settle-breaks.ts';
import type { Found } from '#sync-engine/reconciliation/found.ts';
import { ReconciliationStore } from '#sync-engine/reconciliation/store.ts';
import { newRun } from '#sync-engine/reconciliation/worker.ts';
import { smallEstate, startConsole, type TestConsole } from '#tests/support/console.ts';

const password = 'a long enough password';
const at = '2026-03-01T12:00:00.000Z';
let app: TestConsole;
let nc: NatsConnection;
let ingest: Ingest;
let cookie: string;
let run: ReconciliationRun;
let stockBreak: ReconciliationBreak;

const found = (more: Partial<Found>): Found => ({
  domain: 'operational',
  kind: 'stock_erp',
  system: 'erp',
  sku: 'TOTE-1',
  location: 'dc',
  channel: '',
  legal_entity: 'us',
  method: '',
  reference: '',
  business_key: 'TOTE-1@dc',
  key: '',
  difference: '-3',
  currency: '',
  occurred_at: at,
  sides: [
    { side: 'syncline', system: 'syncline', figure: '10', read_at: at, references: [] },
    { side: 'erp', system: 'erp', figure: '7', read_at: at, references: ['item 42'] },
  ],
  ...more,
});
const money = found({
  domain: 'accounting',
  kind: 'capture_missing',
  system: 'shop',
  sku: '',
  location: '',
  channel: 'web',
  method: 'card',
  reference: 'ch_9',
  business_key: '#1001',
  difference: '-116.05',
  currency: 'USD',
  sides: [
    { side: 'syncline', system: 'syncline', figure: '116.05', read_at: at, references: [] },
    { side: 'payments', system: 'shop', figure: '', read_at: at, references: [] },
  ],
});

beforeAll(async () => {
  const plan = {
    id: 'stock',
    name: 'Stock three ways',
    kind: 'stock' as const,
    schedule: '0 0 29 2 *',
    time_zone: 'UTC',
    compare: ['erp' as const],
    tolerance: 0,
    settle_s: 1,
    rounds: 1,
  };
  app = await startConsole({ estate: { ...smallEstate, reconciliations: [plan] } });
  nc = await connectNats({ url: app.nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  ingest = await createIngest({
    nc,
    clickhouse: app.clickhouse.clickhouse,
    log: silentLog,
    metrics: createMetrics('ingest', { defaults: false }),
    shards: 1,
  });
  const now = () => new Date();
  const store = new ReconciliationStore(publisherOf(nc), await jetstreamManager(nc), 'test', now);
  const queued = newRun(plan, { by: 'schedule', at: now(), due: now(), covered: undefined, declared: now() });
  const group = { subject: 'erp' as const, system: 'erp', location: 'dc', channel: '', method: '' };
  const kept = await store.putRun(undefined, {
    ...queued,
    status: 'done',
    started_at: at,
    finished_at: now().toISOString(),
    compared: 200,
    agreeing: 199,
    opened: 2,
    groups: [
      {
        ...group,
        ...{ legal_entity: '', currency: '', compared: 200, agreeing: 199, undecided: 0, ours: '10', theirs: '7' },
      },
    ],
  });
  if (kept === undefined) throw new Error('no run');
  run = kept.state;
  const lost = [
    found({}),
    money,
    ...Array.from({ length: 60 }, (_, i) => found({ sku: `X-${i}`, business_key: `X-${i}@dc` })),
  ];
  for (const one of lost) {
    const wanted = afterFinding(undefined, one, { run_id: run.run_id, plan: 'stock' }, now().toISOString());
    const made = wanted && (await store.putBreak(undefined, wanted));
    if (one.sku === 'TOTE-1' && made) stockBreak = made.state;
  }
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  await app.users.create({ email: 'fay@example.com', name: 'Fay Finance', roles: ['finance'], password });
  cookie = await app.signIn('view@example.com', password);
}, 60_000);
afterAll(async () => {
  await ingest.close();
  await nc.close();
  await app.close();
});

const get = (path: string, as = cookie) => fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie: as } });
/** The text of a page, without the marks that React leaves between its parts. */
const page = async (path: string, as = cookie) => (await (await get(path, as)).text()).replaceAll('<!-- -->', '');

describe('the page of reconciliation', () => {
  it('shows the figures by their definitions, the runs, and fifty breaks of all', async () => {
    // The figures above the list may be a second older than it.
    await expect
      .poll(() => page('/reconciliation'), { timeout: 20_000 })
      .toMatch(/data-testid="tile-accounting"[^]*116\.05[^]*1 to 50 of 62/);
    const text = await page('/reconciliation');
    expect(text).toContain('Inventory accuracy');
    expect(text).toMatch(/99\.5/);
    expect(text).toContain('Stock three ways');
    expect(text).toContain('Accounting breaks');
    expect(text).toContain('116.05');
    expect(text).not.toContain('Compare stock three ways');
  });

  it('keeps filter, order and page in the address', async () => {
    const accounting = await page('/reconciliation?domain=accounting');
    expect(accounting).toContain('#1001');
    expect(accounting).not.toContain('TOTE-1@dc');
    expect(await page('/reconciliation?q=tote')).toContain('TOTE-1@dc');
    expect(await page('/reconciliation?page=2')).toContain('51 to 62 of 62');
    const sorted = await page('/reconciliation?sort=-difference');
    expect(sorted.indexOf('#1001')).toBeGreaterThan(0);
    expect(await page('/reconciliation?status=healed')).toContain('No break matches');
  });

  it('exports what it lists', async () => {
    const response = await get('/reconciliation/export.csv?domain=accounting');
    expect(response.headers.get('content-type')).toContain('text/csv');
    const lines = (await response.text()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('#1001,Capture not settled,accounting,open,Shop');
  });

  it('shows a run slice by slice, and a break with both sides, what it means and what to do', async () => {
    const own = await page(`/reconciliation/runs/${run.run_id}`);
    expect(own).toContain('On hand, ERP');
    expect(own).toContain('200 SKU-locations');
    const one = await page(`/reconciliation/breaks/${stockBreak.break_id}`);
    expect(one).toContain('The ERP has another quantity on hand than Syncline.');
    expect(one).toContain('item 42');
    expect(one).not.toContain('Assign to me');
    expect((await get('/reconciliation/runs/none')).status).toBe(404);
    expect((await get('/reconciliation/breaks/none')).status).toBe(404);
  });

  it('offers work to whom the role allows it', async () => {
    const finance = await app.signIn('fay@example.com', password);
    const one = await page(`/reconciliation/breaks/${stockBreak.break_id}`, finance);
    expect(one).toContain('Assign to me');
    expect(one).toContain('Close with this evidence');
    expect(await page('/reconciliation', finance)).toContain('Compare stock three ways');
  });

  it('sends a stranger to sign in', async () => {
    const response = await fetch(`${app.url}/reconciliation`, { redirect: 'manual' });
    expect(response.headers.get('location')).toContain('/sign-in');
  });
});
