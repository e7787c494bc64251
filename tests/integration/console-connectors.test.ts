import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { connectorCalls } from '#app/queries/connector-calls.ts';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import { estate as estateContract } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { warningKind, type WarningSheet } from '#contracts/v1/warning.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { type CommandHandlers, serveCommands } from '#platform/nats/service.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { connectorCommands } from '#sync-engine/commands/connector-commands.ts';
import { ConnectorDecisions } from '#sync-engine/work/connector-decisions.ts';
import { smallEstate, startConsole, type TestConsole } from '../support/console.ts';
import { stepEvent } from '../support/step-events.ts';

const password = 'a long enough password';
const weekly = { starts: '0 4 * * 0', time_zone: 'UTC', duration_s: 1_800, reason: 'Weekly upkeep' };
const estate = estateContract.parse({
  ...smallEstate,
  systems: smallEstate.systems.map((system) =>
    system.id === 'erp' ? { ...system, limits: { concurrency: 3, rate_per_s: 4 }, maintenance: [weekly] } : system,
  ),
});
let app: TestConsole;
let operator: string;
let viewer: string;

beforeAll(async () => {
  app = await startConsole({ estate });
  const { nats, switches, jsm: manager } = app.console.services;
  await ensureStreams(nats, { replicas: 1, retentionDays: 7 });
  const decisions = new ConnectorDecisions(await openBucket(nats, buckets.connectorSwitches), switches.learn);
  const commands = connectorCommands({
    decisions,
    manager,
    estate: () => app.console.services.estate,
    now: () => new Date(),
  });
  // The engine's part of it: only these are asked for here.
  await serveCommands(nats, commands as CommandHandlers, silentLog, await openAudit(nats, silentLog));
  await app.users.create({ email: 'ops@example.com', name: 'Olga Ops', roles: ['operations'], password });
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  operator = await app.signIn('ops@example.com', password);
  viewer = await app.signIn('view@example.com', password);
}, 60_000);
afterAll(() => app.close());

const get = (path: string, cookie: string) => fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie } });
const post = (path: string, cookie: string, fields: Record<string, string>) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: app.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });

describe('figures of calls', () => {
  const start = Date.parse('2026-10-01T10:00:00.000Z');
  const at = (seconds: number, ms = 0) => new Date(start + seconds * 1000 + ms).toISOString();
  const window = { from: at(0), to: at(600) };
  const rows = new Map<string, z.output<typeof connectorCalls.row>>();
  const events: StepEvent[] = [];
  let order = 0;

  /** An attempt of `ms` that begins at `seconds` and comes to `status`. */
  function attempt(system: string, step: string, seconds: number, ms: number, status: StepEvent['status']): void {
    order += 1;
    const started = { step, system, direction: 'outbound', started_at: at(seconds) } as const;
    events.push(stepEvent(order, 1, { ...started, status: 'started', ended_at: '' }));
    events.push(stepEvent(order, 2, { ...started, status, ended_at: at(seconds, ms) }));
  }

  beforeAll(async () => {
    for (let n = 0; n < 17; n += 1) attempt('erp', 'erp_create_sales_order', 10 + n, 100 + 10 * n, 'completed');
    attempt('erp', 'erp_create_sales_order', 40, 9_000, 'retrying');
    attempt('erp', 'erp_create_sales_order', 50, 300, 'quarantined');
    attempt('erp', 'erp_post_invoice', 60, 400, 'completed');
    attempt('wms', 'wms_release', 70, 50, 'completed');
    // Before the window, after it, and what nobody called: a warehouse that tells of a shipment.
    attempt('erp', 'erp_post_invoice', -90, 400, 'retrying');
    attempt('erp', 'erp_post_invoice', 700, 400, 'retrying');
    const told = { step: 'shipment_confirmed', system: 'wms', direction: 'inbound' } as const;
    events.push(stepEvent(++order, 1, { ...told, started_at: at(80), ended_at: at(80, 5) }));
    const landed = events.map((event, index) => ({
      ...event,
      ended_at: event.ended_at || null,
      deadline: null,
      stream_seq: index + 1,
      shard: 0,
    }));
    await app.clickhouse.clickhouse.insertRaw(
      'steps_landing',
      new TextEncoder().encode(landed.map((row) => JSON.stringify(row)).join('\n')),
      { input_format_skip_unknown_fields: 1, input_format_null_as_default: 1, date_time_input_format: 'best_effort' },
    );
    const found = await runQuery(app.clickhouse.clickhouse, connectorCalls, { system: '', ...window });
    for (const row of found) rows.set(`${row.system} ${row.step}`.trim(), row);
  });

  it('are those of the raw events: attempts that ended, those that did what was asked, and their times', () => {
    for (const system of ['erp', 'wms']) {
      const ended = events.filter(
        (event) =>
          event.system === system &&
          event.direction === 'outbound' &&
          event.ended_at >= window.from &&
          event.ended_at < window.to,
      );
      const times = ended
        .map((event) => Date.parse(event.ended_at) - Date.parse(event.started_at))
        .sort((a, b) => a - b);
      const row = rows.get(system);
      expect(row).toMatchObject({
        calls: ended.length,
        succeeded: ended.filter(({ status }) => status === 'completed').length,
      });
      const p95 = times[Math.floor(0.95 * (times.length - 1))] ?? 0;
      expect(Math.abs((row?.durations[1] ?? 0) - p95) / p95).toBeLessThan(0.02);
    }
    expect(rows.get('erp')).toMatchObject({ calls: 20, succeeded: 18 });
    expect(rows.get('erp erp_create_sales_order')).toMatchObject({ calls: 19, succeeded: 17 });
    expect([...rows.keys()]).not.toContain('wms shipment_confirmed');
  });
});

describe('connectors in the console', () => {
  const said: ConnectorState = {
    id: 'erp',
    state: 'closed',
    pending: 1_200,
    in_flight: 30,
    waiting: 4,
    next_due_at: new Date(Date.now() + 600_000).toISOString(),
    oldest_at: new Date(Date.now() - 7_200_000).toISOString(),
    rate_per_s: 3.5,
    updated_at: new Date().toISOString(),
  };
  beforeAll(async () => {
    const states = await openBucket(app.console.services.nats, buckets.connectors);
    await states.put('erp', JSON.stringify(said));
  });

  it('are listed with what waits for them, whoever was never heard of too', async () => {
    await expect.poll(() => app.console.services.connectors.all().get('erp')?.pending).toBe(said.pending);
    const page = await (await get('/connectors', viewer)).text();
    for (const words of ['ERP', 'flowing', '1,234', '3.5', 'in 9 min', 'not heard of']) expect(page).toContain(words);
    const own = await get('/connectors/erp', viewer);
    expect(own.status).toBe(200);
    const text = await own.text();
    for (const words of ['1,234 messages', '3 calls', '4 calls a second', 'Weekly upkeep'])
      expect(text).toContain(words);
    expect((await get('/connectors/nobody', viewer)).status).toBe(404);
    expect(await (await get('/search?q=erp', viewer)).text()).toContain('/connectors/erp');
    const stranger = await fetch(`${app.url}/connectors`, { redirect: 'manual' });
    expect(stranger.headers.get('location')).toContain('/sign-in');
  });

  it('are had as CSV with what waits for them, by whoever may see figures', async () => {
    const answer = await get('/connectors/export.csv?range=1h', viewer);
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const [head, ...rows] = (await answer.text()).trim().split('\r\n');
    expect(head).toMatch(/^\uFEFF?Connector,Id,State,Role,Kind,Calls\/s,Backlog,/);
    expect(rows).toHaveLength(estate.systems.length);
    const erp = rows.find((row) => row.startsWith('ERP,erp,'));
    expect(erp).toContain(',flowing,');
    expect(erp).toContain(',3.5,');
    expect(erp).toMatch(/,Weekly upkeep,"3 at once, 4 calls\/s"$/);
    expect(rows.find((row) => row.startsWith('WMS,wms,'))).toMatch(/,rest-wms,,,/);
    const stranger = await fetch(`${app.url}/connectors/export.csv`, { redirect: 'manual' });
    expect(stranger.headers.get('location')).toContain('/sign-in');
  });

  it('are paused and resumed by who may, with a reason that everybody reads', async () => {
    const reason = 'its period is being closed';
    expect((await post('/connectors/erp', viewer, { intent: 'pause', reason })).status).toBe(403);
    expect(app.console.services.switches.get('erp')).toBeUndefined();
    expect(await (await get('/connectors/erp', viewer)).text()).not.toContain('>Pause<');
    expect(await (await get('/connectors/erp', operator)).text()).toContain('>Pause<');

    expect(await (await post('/connectors/erp.data', operator, { intent: 'pause', reason: ' ' })).text()).toContain(
      'Give a reason',
    );
    expect(await (await post('/connectors/erp.data', operator, { intent: 'pause', reason })).text()).toContain(
      'ERP is paused',
    );
    const page = await (await get('/connectors/erp', viewer)).text();
    expect(page).toContain('Paused by');
    expect(page).toContain(reason);
    expect(await (await get('/connectors', viewer)).text()).toContain('paused');
    expect(await (await get('/connectors/erp', operator)).text()).toContain('>Resume<');

    await post('/connectors/erp.data', operator, { intent: 'resume', reason: 'it is closed' });
    expect(app.console.services.switches.get('erp')).toMatchObject({ paused: false, version: 2 });
    expect(await (await get('/connectors/erp', viewer)).text()).not.toContain('Paused by');
    const acts = (await app.console.services.audit.latest(20)).filter(({ object_kind }) => object_kind === 'connector');
    expect(acts.map(({ action, object_id }) => `${action} ${object_id}`)).toEqual([
      'connector.resume erp',
      'connector.pause erp',
    ]);
  });

  it('are drained, and kept free within a window that somebody plans and cancels', async () => {
    const act = async (fields: Record<string, string>) =>
      (await post('/connectors/wms.data', operator, { reason: 'its upgrade', ...fields })).text();
    expect(await act({ intent: 'drain' })).toContain('WMS drains');
    expect(await (await get('/connectors/wms', viewer)).text()).toContain('Drained by');
    expect(await act({ intent: 'drain' })).toContain('drains already');
    expect(await act({ intent: 'resume' })).toContain('goes on');

    const from = new Date(Date.now() + 3_600_000).toISOString();
    const until = new Date(Date.now() + 7_200_000).toISOString();
    expect(await act({ intent: 'plan', from, until: '' })).toContain('when it ends');
    expect(await act({ intent: 'plan', from: until, until: from })).toContain('ends after it begins');
    expect(await act({ intent: 'plan', from, until })).toContain('Nothing is sent to WMS');
    expect((await post('/connectors/wms', viewer, { intent: 'plan', from, until, reason: 'no' })).status).toBe(403);
    const [window] = app.console.services.switches.get('wms')?.windows ?? [];
    expect(window).toMatchObject({ from, until, reason: 'its upgrade', planned_by: 'ops@example.com' });
    expect(await (await get('/connectors/wms', viewer)).text()).toContain('its upgrade');
    expect(await act({ intent: 'cancel', window: window?.id ?? '' })).toContain('is cancelled');
    expect(await act({ intent: 'cancel', window: window?.id ?? '' })).toContain('not planned any more');
    expect(await (await get('/connectors/wms', viewer)).text()).toContain('None is planned');
  });
});

describe('early warnings', () => {
  const about = { id: 'order.shop', system: 'shop', subject: 'Shop: orders' };
  const sheet = (changes: Partial<WarningSheet>): WarningSheet => ({
    kind: 'feed_silent',
    evaluated_at: new Date().toISOString(),
    next_at: new Date(Date.now() + 60_000).toISOString(),
    failure: '',
    warnings: [],
    unknown: [],
    ...changes,
  });
  const put = async (changes: Partial<WarningSheet>) => {
    const written = sheet(changes);
    await (await openBucket(app.console.services.nats, buckets.warnings)).put(written.kind, JSON.stringify(written));
    await expect.poll(() => app.console.services.warnings.all().get(written.kind)).toEqual(written);
  };
  const text = async (path: string) => (await get(path, viewer)).text();

  it('stand in the list of connectors and on the page of the one they are about, and are counted on Live', async () => {
    expect(await text('/connectors')).toContain('Nothing has been evaluated yet');
    expect(await text('/')).toContain('warnings not evaluated');
    const message = 'No orders for far longer than usual.';
    const since = new Date(Date.now() - 2_400_000).toISOString();
    const warned = { ...about, severity: 'bad' as const, message, remedy: 'Ask the shop’s staff.', since };
    await put({
      warnings: [warned],
      unknown: [{ ...about, id: 'stock.erp', system: 'erp', message: 'Not known yet.' }],
    });
    for (const path of ['/connectors', '/connectors/shop']) {
      const page = await text(path);
      for (const words of ['Feed gone silent', message, 'Ask the shop’s staff.', '40 min ago'])
        expect(page).toContain(words);
    }
    expect(await text('/connectors/erp')).not.toContain(message);
    expect(await text('/connectors/erp')).toContain('Not known yet.');
    const live = await text('/');
    expect(live).toContain('1 warning');
    expect(live).toContain('/connectors#warnings');
  });

  it('that cannot be evaluated, or are evaluated by nobody, say so', async () => {
    await put({ failure: 'INTAKE cannot be read' });
    expect(await text('/connectors')).toContain('INTAKE cannot be read');
    const long = new Date(Date.now() - 600_000).toISOString();
    await put({ evaluated_at: long, next_at: long });
    expect(await text('/connectors')).toContain('not evaluated any more');
    expect(await text('/')).toContain('warnings not evaluated');
  });

  it('are none only once every kind was evaluated', async () => {
    await put({});
    expect(await text('/')).toContain('warnings partly evaluated');
    for (const kind of warningKind.options) await put({ kind });
    expect(await text('/')).toContain('no warnings');
    expect(await text('/connectors')).toContain('no warnings');
  });
});
