import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { createOtlpReceiver, type OtlpReceiver } from '#ingest/otlp/receiver.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { stepEvent, subjectOf } from '#tests/support/step-events.ts';

const password = 'a long enough password';
const people = ['operations', 'administrator', 'viewer', 'support', 'finance'] as const;
/** More than a page of events with a status that there is none of. */
const MANY = 60;

let app: TestConsole;
let nc: NatsConnection;
let ingest: Ingest;
let receiver: OtlpReceiver;
const cookies = new Map<string, string>();

const get = (path: string, who = 'operations') =>
  fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie: cookies.get(who) ?? '' } });
/** The page without the marks React puts between its parts. */
async function page(path: string, who = 'operations'): Promise<string> {
  const response = await get(path, who);
  expect(response.status, path).toBe(200);
  return (await response.text()).replaceAll('<!-- -->', '');
}
const asked = (more: Record<string, string> = {}) =>
  `/rejected?${new URLSearchParams({ range: '1h', ...more }).toString()}`;
const totalOf = (text: string) => Number(/Events <span[^>]*>([\d,]+)<\/span>/.exec(text)?.[1]?.replaceAll(',', ''));
const linksOf = (text: string) => [...text.matchAll(/href="(\/rejected\/\d+-[0-9a-f]+)"/g)].map(([, to = '']) => to);
/** The page of the first event that the filters leave. */
async function drill(more: Record<string, string>, who = 'operations') {
  const [to = ''] = linksOf(await page(asked(more)));
  return { to, text: await page(to, who) };
}

async function publish(): Promise<void> {
  const js = jetstream(nc);
  const put = (event: StepEvent) => js.publish(subjectOf(event), JSON.stringify(event));
  for (let i = 0; i < MANY; i++)
    await put(stepEvent(i, 1, { status: 'finished' as 'completed', writer: 'middleware-7' }));
  await put(stepEvent(900, 1, { amount: 'a lot', attributes: { email: 'jane@example.com' }, writer: 'till-3' }));
  await js.publish(subjects.step('order_to_cash', 'shopify-us==901'), '{"buyer":"jane@example.com"');
  await js.publish(subjects.step('order_to_cash', 'shopify-us==902'), JSON.stringify(stepEvent(903, 1)));
  await put(stepEvent(904, 1));
}
const rejectedOfStream = MANY + 3;
/** As a former version kept them: with what came in their reasons, in one line and in two. */
const quoting = ['is not JSON: Unexpected token', 'ClickHouse cannot read it: Code: 117'];
/** Of another time, so that other tests do not count them. */
const olden = { from: '2026-01-05T00:00:00Z', to: '2026-01-06T00:00:00Z' };
const REASONS = 25;

async function keepOlden(): Promise<void> {
  const event = {
    stream: 'STEPS',
    subject: 'steps.1.order_to_cash.a',
    arrived_at: '2026-01-05T10:00:00.000Z',
    shard: 0,
  };
  const rows = [
    ...quoting.map((reason) => ({ ...event, reason: `${reason} "Jane Doe"\nElm Street 5`, path: '' })),
    { ...event, reason: 'is missing', path: '/attributes/jane@example.com' },
    ...Array.from({ length: REASONS }, (_, i) => ({ ...event, reason: 'is missing', path: `/field_${'x'.repeat(i)}` })),
    // Twice the same place: a stream that was made anew.
    ...['one', 'two', 'three'].map((writer) => ({ ...event, reason: 'is missing', path: '/twin', writer })),
  ].map(({ writer = 'jane@example.com', ...row }: { writer?: string; reason: string }) => ({
    ...row,
    stream_seq: 7,
    raw: JSON.stringify({ writer, buyer: 'Jane Doe' }),
  }));
  const text = rows.map((row) => JSON.stringify(row)).join('\n');
  await app.clickhouse.clickhouse.insertRaw('rejected_steps', Buffer.from(text));
}

async function untilLanded(): Promise<void> {
  const nudges = nc.subscribe(subjects.nudge);
  await nc.flush();
  const landed = async () => {
    const [row] = await app.clickhouse.clickhouse.query(
      "SELECT (SELECT count() FROM steps) + (SELECT count() FROM rejected_steps WHERE stream = 'STEPS') AS n",
    );
    return Number(row?.['n']) === rejectedOfStream + 1;
  };
  if (!(await landed())) for await (const _ of nudges) if (await landed()) break;
  nudges.unsubscribe();
}

async function sendSpan(): Promise<void> {
  const url = `http://127.0.0.1:${await receiver.listen({ port: 0 })}/v1/traces`;
  const attributes = { 'syncline.flow': 'gardening', 'syncline.system': 'shop', 'syncline.external_id': '1' };
  const span = {
    traceId: '1'.padStart(32, '0'),
    spanId: '1'.padStart(16, '0'),
    name: 'Plant tree',
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000000100000000',
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    status: { code: 2, message: 'No spade for jane@example.com' },
  };
  const body = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [span] }] }] });
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  app = await startConsole();
  for (const role of people) {
    await app.users.create({ email: `${role}@example.com`, name: role, roles: [role], password });
    cookies.set(role, await app.signIn(`${role}@example.com`, password));
  }
  nc = await connectNats({ url: app.nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  const shared = {
    nc,
    clickhouse: app.clickhouse.clickhouse,
    log: silentLog,
    metrics: createMetrics('ingest', { defaults: false }),
  };
  ingest = await createIngest({ ...shared, shards: 1 });
  receiver = await createOtlpReceiver({ ...shared, unauthenticated: true });
  await publish();
  await sendSpan();
  await untilLanded();
  await keepOlden();
}, 180_000);
afterAll(async () => {
  await receiver.close();
  await ingest.close();
  await nc.close();
  await app.close();
});

const all = rejectedOfStream + 1;

describe('the page of rejected events', () => {
  it('lists what came on streams and as spans and could not be counted, a page at a time', async () => {
    const first = await page(asked());
    expect(totalOf(first)).toBe(all);
    expect(first).toContain(`1 to 50 of ${all}`);
    expect(linksOf(first).length).toBeGreaterThanOrEqual(50);
    expect(await page(asked({ page: '2' }))).toContain(`51 to ${all} of ${all}`);
  });

  it('groups them by reason, and each count leads to a list of just as many', async () => {
    const text = await page(asked());
    const counts = [...text.matchAll(/<a [^>]*>/g)].flatMap(([tag]) => {
      const [, count] = /aria-label="([\d,]+) rejected: /.exec(tag) ?? [];
      const to = /href="([^"]*)"/.exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? '';
      return count === undefined ? [] : [{ count: Number(count), to }];
    });
    expect(counts.map(({ count }) => count).sort((a, b) => b - a)).toEqual([MANY, 1, 1, 1, 1]);
    for (const { count, to } of counts) expect(totalOf(await page(to)), to).toBe(count);
  });

  it('keeps filters and order in the address', async () => {
    expect(totalOf(await page(asked({ stream: 'OTLP' })))).toBe(1);
    expect(totalOf(await page(asked({ stream: 'CASES' })))).toBe(0);
    expect(totalOf(await page(asked({ field: '/status' })))).toBe(MANY);
    expect(totalOf(await page(asked({ q: 'shopify-us==902' })))).toBe(1);
    expect(totalOf(await page(asked({ q: 'MIDDLEWARE-7' })))).toBe(MANY);
    expect(totalOf(await page(asked({ q: 'ware-7' })))).toBe(MANY);
    for (const sort of ['arrived', 'position', 'stream', 'producer', 'field', 'reason'])
      expect(totalOf(await page(asked({ sort: `-${sort}` }))), sort).toBe(all);
    expect(await page(asked({ q: 'nothing like it' }))).toContain('No rejected event matches');
    expect(await page('/rejected?range=custom&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z')).toContain(
      'Nothing was rejected in the chosen time',
    );
  });

  it('takes what is no filter for text and never for SQL', async () => {
    const attack = `') OR 1=1 UNION ALL SELECT * FROM steps; DROP TABLE rejected_steps; --`;
    for (const name of ['field', 'why', 'q']) expect(totalOf(await page(asked({ [name]: attack }))), name).toBe(0);
    for (const name of ['stream', 'sort', 'page', 'hide'])
      expect(totalOf(await page(asked({ [name]: attack }))), name).toBe(all);
    expect((await get(`/rejected/${encodeURIComponent(attack)}`)).status).toBe(404);
    expect((await get('/rejected/1790000000000-abc')).status).toBe(404);
    for (const ms of ['999999999999999', '99999999999999', '9999999999999', '0'])
      expect((await get(`/rejected/${ms}-abc`)).status, ms).toBe(404);
  });

  it('exports what it lists, all pages of it, with what to do and without the text', async () => {
    const response = await get(asked().replace('/rejected', '/rejected/export.csv'));
    expect(response.headers.get('content-type')).toContain('text/csv');
    const text = await response.text();
    expect(text.trim().split('\r\n')).toHaveLength(1 + all);
    expect(text).toContain(',middleware-7,status,');
    expect(text).toContain('as contracts/schemas/v1 asks for it');
    expect(text).not.toContain('jane@example.com');
  });
});

describe('events that were rejected by a former version', () => {
  const of = (more: Record<string, string> = {}) => asked({ range: 'custom', ...olden, ...more });

  it('show nothing of what came in their reasons, fields and producers', async () => {
    for (const path of [of(), of({ field: '' }), of().replace('/rejected', '/rejected/export.csv')]) {
      const text = await page(path);
      expect(text).toContain('is not JSON');
      for (const personal of ['Jane', 'Elm Street', 'jane@example.com']) expect(text, path).not.toContain(personal);
    }
    for (const reason of ['is not JSON', 'ClickHouse cannot read it'])
      expect(totalOf(await page(of({ why: reason }))), reason).toBe(1);
    expect(totalOf(await page(of({ field: '/attributes/‹hidden›' })))).toBe(1);
  });

  it('say how many reasons are not in the table of them', async () => {
    // Those of `keepOlden`, less the twenty that are shown.
    expect(await page(of())).toContain(`${REASONS + quoting.length + 2 - 20} more reasons have fewer events`);
  });

  it('stand in one order, though a stream numbered them alike', async () => {
    const [down, up] = await Promise.all(
      ['-position', 'position'].map(async (sort) => linksOf(await page(of({ field: '/twin', sort })))),
    );
    expect(new Set(down).size).toBe(3);
    expect([...new Set(up)]).toEqual([...new Set(down)].reverse());
  });
});

describe('one rejected event', () => {
  it('tells why, from whom, where it stands and what to do, with personal data hidden', async () => {
    const { text } = await drill({ field: '/amount' });
    for (const part of [
      'till-3',
      'amount',
      'Position in the stream',
      subjects.step('order_to_cash', 'shopify-us==900'),
    ])
      expect(text).toContain(part);
    expect(text).toContain('/orders/shopify-us%3D%3D900');
    expect(text).toContain('Publish it again'.toLowerCase());
    expect(text).toContain('‹hidden 1›');
    expect(text).not.toContain('jane@example.com');
    expect(text).not.toContain('Show them');
  });

  it('that is no JSON is hidden whole, its reason without addresses', async () => {
    const { text } = await drill({ q: 'is not JSON' });
    expect(text).toContain('Whatever was published is no event');
    expect(text).not.toContain('jane@example.com');
  });

  it('that came as a span has the client as its producer, and keeps name and status', async () => {
    const { text } = await drill({ stream: 'OTLP' });
    expect(text).toContain('Plant tree');
    expect(text).toContain('No spade for ‹hidden›');
    expect(text).toContain('Correct it at the sender and send the span again');
  });

  it('is shown whole to whom personal data may be shown, which the audit tells', async () => {
    const { to, text } = await drill({ field: '/amount' }, 'administrator');
    expect(text).toContain('Show them (recorded in the audit)');
    const audited = nc.subscribe(subjects.audit('revealed'), { max: 1 });
    await nc.flush();
    const reveal = (who: string) =>
      fetch(`${app.url}${to}.data`, {
        method: 'POST',
        headers: {
          cookie: cookies.get(who) ?? '',
          origin: app.url,
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
    expect((await reveal('operations')).status).toBe(403);
    const shown = await reveal('administrator');
    expect(await shown.text()).toContain('jane@example.com');
    for await (const message of audited)
      expect(message.json()).toMatchObject({ object_kind: 'rejected_event', object_id: to.split('/').at(-1) });
  });
});

describe('who may see rejected events', () => {
  it('are operations and administrators', async () => {
    const { to } = await drill({ field: '/amount' });
    for (const path of [asked(), to, '/rejected/export.csv']) {
      for (const who of ['viewer', 'support', 'finance'])
        expect((await get(path, who)).status, `${who} ${path}`).toBe(403);
      expect((await get(path, 'administrator')).status).toBe(200);
      const stranger = await fetch(`${app.url}${path}`, { redirect: 'manual' });
      expect(stranger.headers.get('location')).toContain('/sign-in');
    }
  });

  it('are told on Live how many there were, with the way to them; nobody else is', async () => {
    const live = await page('/?range=1h');
    expect(live).toContain(`ingest rejected ${all} events`);
    expect(live).toContain('href="/rejected?range=1h"');
    expect(await page('/?range=1h', 'viewer')).not.toContain('ingest rejected');
  });
});
