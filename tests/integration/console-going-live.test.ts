import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { type CommandHandlers, serveCommands } from '#platform/nats/service.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { connectorCommands } from '#sync-engine/commands/connector-commands.ts';
import { ConnectorDecisions } from '#sync-engine/work/connector-decisions.ts';
import { smallEstate, startConsole, type TestConsole } from '../support/console.ts';
import { stepEvent } from '../support/step-events.ts';

const password = 'correct horse battery staple';
const observed = smallEstate.systems.map((one) => (one.id === 'erp' ? { ...one, mode: 'observe' as const } : one));
let app: TestConsole;
let operator: string;
let viewer: string;

beforeAll(async () => {
  app = await startConsole({ estate: { ...smallEstate, systems: observed } });
  const { nats, switches, jsm: manager } = app.console.services;
  await ensureStreams(nats, { replicas: 1, retentionDays: 7 });
  const decisions = new ConnectorDecisions(await openBucket(nats, buckets.connectorSwitches), switches.learn);
  const estate = () => app.console.services.estate;
  const commands = connectorCommands({ decisions, manager, estate, now: () => new Date() });
  // The engine's part of it: only these are asked for here.
  await serveCommands(nats, commands as CommandHandlers, silentLog, await openAudit(nats, silentLog));
  await app.users.create({ email: 'ops@example.com', name: 'Olga Ops', roles: ['operations'], password });
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  operator = await app.signIn('ops@example.com', password);
  viewer = await app.signIn('view@example.com', password);
  await land();
  await landGap();
}, 60_000);
afterAll(() => app.close());

/** Three calls that were passed over a minute ago, one of which could not have been made; the first lands twice. */
async function land(): Promise<void> {
  const at = new Date(Date.now() - 60_000).toISOString();
  const skipped = (order: number, attributes: Record<string, string>) =>
    stepEvent(order, 1, {
      ...{ step: 'erp_create_sales_order', system: 'erp', direction: 'outbound', status: 'skipped' },
      ...{ occurred_at: at, started_at: at, ended_at: at, attributes },
    });
  const first = skipped(1, { passed_over: 'would_send' });
  const stop = {
    passed_over: 'would_stop',
    stop_code: 'NO_LOCATION',
    stop_message: 'Nobody mapped dc.',
    stop_path: '',
  };
  const events = [
    first,
    first,
    skipped(2, { passed_over: 'would_send' }),
    skipped(3, stop),
    skipped(4, { reason: 'x' }),
  ];
  await app.clickhouse.clickhouse.insertRaw(
    'steps_landing',
    new TextEncoder().encode(
      events
        .map((event, index) => ({ ...event, deadline: null, stream_seq: index + 1, shard: 0 }))
        .map((one) => JSON.stringify(one))
        .join('\n'),
    ),
    { input_format_skip_unknown_fields: 1, input_format_null_as_default: 1, date_time_input_format: 'best_effort' },
  );
}

/** A step of our own stopped an order for want of a code of the ERP. */
async function landGap(): Promise<void> {
  const at = new Date().toISOString();
  const state: CaseState = {
    ...{ v: 1, case_id: 'gap-1', status: 'open', revision: 1, flow: 'order_to_cash', key: 'shop==9' },
    ...{ trace_id: 'a'.repeat(32), business_key: '#9', step: 'map_tax_codes', system: 'syncline', channel: 'shop' },
    ...{ legal_entity: 'us', fingerprint: 'abcd0123', amount: '1.00', currency: 'USD', deadline: '', origin: 'live' },
    ...{ assignee: '', payload_version: 1, failed_ordinal: 3, times_failed: 1, closed_at: '', outcome: '' },
    ...{ opened_at: at, updated_at: at },
    problems: [
      {
        ...{ error_class: 'mapping', error_code: 'tax_code_unmapped', path: '', document: 'received', message: 'x' },
        missing_mapping: { kind: 'tax_code', system: 'erp', code: 'É-9' },
      },
    ],
  };
  const event = {
    event_id: 'gap-1:1',
    type: 'opened',
    at: at.slice(0, 23).replace('T', ' '),
    actor: 'syncline',
    note: '',
  };
  const landed = { ...event, detail: {}, writer: 'test', state: JSON.stringify(state), stream_seq: 1, shard: 0 };
  await app.clickhouse.clickhouse.insertRaw('cases_landing', Buffer.from(JSON.stringify(landed)));
}

const page = async (path: string, cookie: string) =>
  (await fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie } })).text();
const post = (path: string, cookie: string, fields: Record<string, string>) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: app.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
const text = (html: string) => html.replace(/<!-- -->/g, '');

describe('going live in the console', () => {
  it('lists every system with its mode and what was passed over, each call once', async () => {
    const list = text(await page('/going-live', viewer));
    expect(list).toContain('3 systems, 1 only observed');
    expect(list).toMatch(/ERP.*observed only/s);
    const erp = text(await page('/going-live/erp', viewer));
    expect(erp).toContain('2 calls would have been sent within 30 days; 1 call could not have been made.');
    expect(erp).toContain('Nobody mapped dc.');
    expect(erp).toContain('1 open case lacks a mapping.');
    expect(erp).toContain('/quarantine?class=mapping&amp;lacking=erp');
    const cases = text(await page('/quarantine?class=mapping&lacking=erp', viewer));
    expect(cases).toContain('About: ERP');
    expect(cases).toContain('#9');
    expect(text(await page('/quarantine?class=mapping&lacking=shop', viewer))).not.toContain('#9');
    expect(erp).not.toContain('Take live');
    expect((await fetch(`${app.url}/going-live/nobody`, { headers: { cookie: viewer } })).status).toBe(404);
  });

  it('takes a system live with a reason and the count that was told, and back, for whoever may', async () => {
    expect(text(await page('/going-live/erp', operator))).toContain('Take live');
    const live = { intent: 'live', reason: 'read and agreed', passed_over: '3' };
    expect((await post('/connectors/erp', viewer, live)).status).toBe(403);
    expect(await (await post('/connectors/erp.data', operator, { ...live, reason: ' ' })).text()).toContain('reason');
    expect(await (await post('/connectors/erp.data', operator, { ...live, passed_over: '' })).text()).toContain(
      'How many calls',
    );
    expect(await (await post('/connectors/erp.data', operator, live)).text()).toContain('ERP is live');
    expect(app.console.services.switches.get('erp')?.mode).toMatchObject({ mode: 'live', passed_over: 3 });
    const erp = text(await page('/going-live/erp', operator));
    expect(erp).toContain('Taken live');
    expect(erp).toContain('3 calls had been passed over and are not sent.');
    expect(text(await page('/going-live', viewer))).toContain('3 systems, 0 only observed');

    await post('/connectors/erp.data', operator, { intent: 'observe', reason: 'too early' });
    expect(text(await page('/connectors/erp', viewer))).toContain('observed only');
    const again = text(await page('/going-live/erp', operator));
    expect(again).toContain('Nothing was to be sent to it since it is only observed.');
  });
});
