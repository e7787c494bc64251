import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import { createApiClient } from '#platform/http/api-clients.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { type CommandHandlers, serveCommands } from '#platform/nats/service.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { webhookCommands } from '#sync-engine/commands/webhook-commands.ts';
import { WebhookStore } from '#sync-engine/webhooks/webhook-store.ts';
import { smallEstate, startConsole, type TestConsole } from '../support/console.ts';

const password = 'a long enough password';
let app: TestConsole;
let admin: string;
let viewer: string;
let key: string;

beforeAll(async () => {
  app = await startConsole();
  const { nats } = app.console.services;
  await ensureStreams(nats, { replicas: 1, retentionDays: 7 });
  const store = await WebhookStore.open(nats);
  const manager = await jetstreamManager(nats);
  const commands = webhookCommands({ store, manager, estate: smallEstate, now: () => new Date() });
  // The engine's part of it: only these are asked for here.
  await serveCommands(nats, commands as CommandHandlers, silentLog, await openAudit(nats, silentLog));
  await app.users.create({ email: 'ada@example.com', name: 'Ada Admin', roles: ['administrator'], password });
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  admin = await app.signIn('ada@example.com', password);
  viewer = await app.signIn('view@example.com', password);
  const clients = await openBucket(nats, buckets.apiClients);
  const client = { id: 'ops', name: 'Ops', scopes: ['webhooks.write' as const], quota_per_minute: 600, system: 'erp' };
  key = (await createApiClient(clients, client, new Date())).key;
}, 60_000);
afterAll(() => app.close());

const get = (path: string, cookie: string) => fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie } });
const post = (path: string, cookie: string, fields: [string, string][]) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: app.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
const api = (path: string, body?: object) =>
  fetch(`${app.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const fields: [string, string][] = [
  ['intent', 'save'],
  ['name', 'Mirror'],
  ['url', 'https://example.com/hook'],
  ['event', 'order.shipped.v1'],
  ['version', '0'],
];
const all = async () => (await app.console.services.webhooks.all()).map(({ webhook }) => webhook);

describe('webhooks in the console', () => {
  it('are made by an administrator only, and show their secret once', async () => {
    expect((await post('/webhooks?index', viewer, fields)).status).toBe(403);
    const made = await post('/webhooks.data?index', admin, fields);
    expect(await made.text()).toMatch(/whsec_[A-Za-z0-9+/]{40,}/);
    const [one] = await all();
    expect(one).toMatchObject({ name: 'Mirror', status: 'active', created_by: 'ada@example.com' });
    for (const path of ['/webhooks', `/webhooks/${one?.webhook_id}`]) {
      const page = await (await get(path, viewer)).text();
      expect(page).toContain('Mirror');
      expect(page).not.toContain('whsec_');
      expect(page).not.toContain('New webhook');
    }
    expect(await (await get('/webhooks', admin)).text()).toContain('New webhook');
    expect((await get('/webhooks/nobody', viewer)).status).toBe(404);
  });

  it('tell what is wrong with an address, and make nothing of it', async () => {
    const wrong = fields.map(([name, value]): [string, string] => [name, name === 'url' ? 'https://10.0.0.1/' : value]);
    const answer = await post('/webhooks.data?index', admin, wrong);
    expect(await answer.text()).toContain('private address');
    expect(await all()).toHaveLength(1);
  });

  it('keep the filters of the delivery log in the address', async () => {
    const [one] = await all();
    const page = await (await get(`/webhooks/${one?.webhook_id}?outcome=given_up&q=shop%3D%3D1`, admin)).text();
    expect(page).toContain('Outcome: given up');
    expect(page).toContain('About: shop==1');
  });
});

describe('webhooks as CSV', () => {
  const csv = async (path: string) => {
    const answer = await get(path, viewer);
    expect(answer.headers.get('content-type')).toContain('text/csv');
    return (await answer.text()).trim().split('\r\n');
  };

  it('are every webhook without its secret, for whoever may see figures', async () => {
    const [one] = await all();
    const [head, ...rows] = await csv('/webhooks/export.csv');
    expect(head).toMatch(/^\uFEFF?Webhook,Id,State,Endpoint,Events,/);
    expect(rows).toHaveLength((await all()).length);
    expect(rows.join()).toContain(
      `Mirror,${one?.webhook_id},nothing told yet,https://example.com/hook,order.shipped.v1,`,
    );
    expect(rows.join()).not.toContain('whsec_');
    for (const path of ['/webhooks/export.csv', `/webhooks/${one?.webhook_id}/deliveries.csv`]) {
      const stranger = await fetch(`${app.url}${path}`, { redirect: 'manual' });
      expect(stranger.headers.get('location'), path).toContain('/sign-in');
    }
    expect((await get('/webhooks/nobody/deliveries.csv', viewer)).status).toBe(404);
  });

  it('are the attempts that the filters of the delivery log leave', async () => {
    const id = (await all())[0]?.webhook_id ?? '';
    const told = (n: number, outcome: string) => ({
      delivery_id: `${id}:${n}`,
      webhook_id: id,
      at: new Date(Date.now() - n * 1_000).toISOString().replace('T', ' ').replace('Z', ''),
      event_seq: n,
      event: 'order.shipped.v1',
      subject: `shop==${n}`,
      attempt: n,
      outcome,
      status: outcome === 'delivered' ? 200 : 0,
      error_code: outcome === 'delivered' ? '' : 'timeout',
      duration_ms: 12,
    });
    const attempts = [told(1, 'delivered'), told(2, 'given_up'), told(3, 'delivered')];
    const lines = Buffer.from(attempts.map((one) => JSON.stringify(one)).join('\n'));
    await app.clickhouse.clickhouse.insertRaw('webhook_deliveries', lines);
    const rows = await csv(`/webhooks/${id}/deliveries.csv`);
    expect(rows).toHaveLength(4);
    expect(rows[2]).toContain(',given up,timeout,order.shipped.v1,shop==2,2,no,12,');
    expect(await csv(`/webhooks/${id}/deliveries.csv?outcome=delivered`)).toHaveLength(3);
    expect(await csv(`/webhooks/${id}/deliveries.csv?q=shop%3D%3D3&page=2`)).toHaveLength(2);
  });
});

describe('webhooks over the API', () => {
  it('are made, changed, given a new secret, replayed and removed, each act in the audit trail', async () => {
    const body = {
      version: 0,
      name: 'By key',
      url: 'https://example.com/b',
      events: ['stock.changed.v1'],
      status: 'active',
    };
    const made = (await (await api('/webhooks/by-key', body)).json()) as {
      secret: string;
      webhook: { version: number };
    };
    expect(made).toMatchObject({ secret: expect.stringMatching(/^whsec_/) as string, webhook: { version: 1 } });
    expect((await api('/webhooks/by-key', { ...body, version: 9 })).status).toBe(409);
    expect((await api('/webhooks/other', { ...body, url: 'http://example.com' })).status).toBe(422);
    const rotated = (await (await api('/webhooks/by-key/rotate', { version: 1 })).json()) as { secret: string };
    expect(rotated.secret).not.toBe(made.secret);
    expect((await api('/webhooks/by-key/replay', { event_seqs: [1] })).status).toBe(200);
    const list = await (await api('/webhooks')).text();
    expect(list).toContain('By key');
    expect(list).not.toContain('whsec_');
    expect(await (await api('/webhooks/by-key/deliveries?outcome=delivered')).json()).toMatchObject({ total: 0 });
    expect((await api('/webhooks/by-key/remove', { version: 2 })).status).toBe(200);
    expect((await all()).map(({ webhook_id }) => webhook_id)).not.toContain('by-key');
    const acts = (await app.console.services.audit.latest(20)).filter(({ object_id }) => object_id === 'by-key');
    expect(acts.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['webhook.put', 'webhook.rotate', 'webhook.replay', 'webhook.remove']),
    );
    expect(JSON.stringify(acts)).not.toContain('whsec_');
  });
});
