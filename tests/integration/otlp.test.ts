import { gzipSync } from 'node:zlib';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderByKey, transactionSteps } from '#app/queries/order-detail.ts';
import { presentOrder } from '#app/presenters/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { createOtlpReceiver, type OtlpReceiver } from '#ingest/otlp/receiver.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { encodeRequest } from '#tests/support/otlp-request.ts';
import { seeded } from '#tests/support/random-transactions.ts';
import { stepEvent, subjectOf } from '#tests/support/step-events.ts';

let app: TestConsole;
let nc: NatsConnection;
let manager: JetStreamManager;
let ingest: Ingest;
let receiver: OtlpReceiver;
let url: string;
let key: string;
let reader: string;
const metrics = createMetrics('ingest', { defaults: false });

beforeAll(async () => {
  app = await startConsole();
  nc = await connectNats({ url: app.nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  manager = await jetstreamManager(nc);
  const shared = { nc, clickhouse: app.clickhouse.clickhouse, log: silentLog, metrics };
  ingest = await createIngest({ ...shared, shards: 1 });
  const clients = await openBucket(nc, buckets.apiClients);
  const client = { quota_per_minute: 1_000, system: 'shop' };
  const made = async (id: string, scope: 'steps.write' | 'orders.read') =>
    (await createApiClient(clients, { ...client, id, name: id, scopes: [scope] }, new Date())).key;
  [key, reader] = [await made('middleware', 'steps.write'), await made('reader', 'orders.read')];
  receiver = await createOtlpReceiver({ ...shared, maxBytes: 200_000 });
  url = `http://127.0.0.1:${await receiver.listen({ port: 0 })}/v1/traces`;
}, 120_000);
afterAll(async () => {
  await receiver.close();
  await ingest.close();
  await nc.close();
  await app.close();
});

const started = Date.parse('2026-10-01T10:00:00.000Z');
const nano = (ms: number) => `${ms}000123`.padEnd(19, '0').slice(0, 19);
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');
const attributesOf = (values: Record<string, string | number>) =>
  Object.entries(values).map(([name, value]) => ({
    key: name,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));

interface SpanOfOrder {
  order: number;
  nth: number;
  more?: Record<string, unknown>;
  said?: Record<string, string | number>;
}
const names = ['Receive Order', 'ERP: create sales order', 'wms.release', 'ShipmentConfirmed', 'Invoice'];

function spanOf({ order, nth, more = {}, said = {} }: SpanOfOrder): Record<string, unknown> {
  const at = started + order * 10_000 + nth * 1_000;
  return {
    traceId: hex(order + 1, 32),
    spanId: hex(order * 100 + nth + 1, 16),
    parentSpanId: nth === 0 ? '' : hex(order * 100 + 1, 16),
    name: names[nth] ?? '',
    kind: nth === 0 ? 2 : 3,
    startTimeUnixNano: nano(at),
    endTimeUnixNano: nano(at + 250),
    attributes: attributesOf({
      'syncline.flow': 'order_to_cash',
      'syncline.system': 'shop',
      'syncline.external_id': `O-${order}`,
      'syncline.business_key': `#${order}`,
      'syncline.amount': '129.90',
      'syncline.currency': 'EUR',
      'syncline.ref.order_number': `#${order}`,
      'peer.service': 'sap',
      ...said,
    }),
    status: {},
    ...more,
  };
}
const requestOf = (spans: unknown[]) => ({
  resourceSpans: [
    { resource: { attributes: attributesOf({ 'service.name': 'order-router' }) }, scopeSpans: [{ scope: {}, spans }] },
  ],
});
/** The same request in protocol buffers, whose ids are bytes. */
const protobufOf = (spans: Record<string, unknown>[]) =>
  encodeRequest(
    requestOf(
      spans.map((span) => ({
        ...span,
        ...Object.fromEntries(
          ['traceId', 'spanId', 'parentSpanId'].map((name) => [name, Buffer.from(String(span[name]), 'hex')]),
        ),
      })),
    ),
  );

const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : Buffer.from(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
  });
const protobuf = { 'content-type': 'application/x-protobuf' };
const postSpans = (spans: unknown[]) => post(JSON.stringify(requestOf(spans)));
const messages = async () => (await manager.streams.info(streams.steps)).state.messages;
const query = (sql: string) => app.clickhouse.clickhouse.query(sql);

async function untilLanded(): Promise<void> {
  const nudges = nc.subscribe(subjects.nudge);
  await nc.flush();
  const landed = async () => Number((await query('SELECT count() AS n FROM steps'))[0]?.['n']) >= (await messages());
  if (!(await landed())) for await (const _ of nudges) if (await landed()) break;
  nudges.unsubscribe();
}

describe('spans of a middleware', () => {
  const ORDERS = 40;
  const spans = Array.from({ length: ORDERS * 5 }, (_, i) => ({ order: Math.floor(i / 5), nth: i % 5 }));

  it('become one step each, however they are shuffled, repeated and spread over requests that race', async () => {
    const random = seeded(4_318);
    const sent = [...spans, ...spans.filter(() => random() < 0.3), ...spans.filter(() => random() < 0.3)]
      .map((span) => ({ span, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ span }) => spanOf(span));
    const parts = Array.from({ length: Math.ceil(sent.length / 25) }, (_, i) => sent.slice(i * 25, i * 25 + 25));
    const answers = await Promise.all(
      parts.map((part, i) =>
        i % 3 === 0
          ? postSpans(part)
          : i % 3 === 1
            ? post(protobufOf(part), protobuf)
            : post(gzipSync(protobufOf(part)), { ...protobuf, 'content-encoding': 'gzip' }),
      ),
    );
    for (const answer of answers) expect(answer.status).toBe(200);
    expect(await answers[0]?.json()).toEqual({});
    expect(answers[1]?.headers.get('content-type')).toBe('application/x-protobuf');
    expect((await answers[1]?.arrayBuffer())?.byteLength).toBe(0);
    expect(await messages()).toBe(spans.length);
    await untilLanded();
    const rows = await query(
      'SELECT key, arraySort(groupArray(ordinal)) AS ordinals, arraySort(groupArray(span_id)) AS spans, uniqExact(trace_id) AS traces FROM steps GROUP BY key',
    );
    expect(rows).toHaveLength(ORDERS);
    for (const { key: of, ordinals, spans: held, traces } of rows) {
      const order = Number(String(of).replace('shop==O-', ''));
      expect(ordinals).toEqual([1, 2, 3, 4, 5]);
      expect(held).toEqual([0, 1, 2, 3, 4].map((nth) => hex(order * 100 + nth + 1, 16)));
      expect(traces).toBe(1);
    }
  });

  it('are told again without effect, also by a receiver that knows nothing of them', async () => {
    const before = await messages();
    const other = await createOtlpReceiver({
      nc,
      clickhouse: app.clickhouse.clickhouse,
      log: silentLog,
      metrics: createMetrics('other', { defaults: false }),
      unauthenticated: true,
    });
    const address = `http://127.0.0.1:${await other.listen({ port: 0 })}/v1/traces`;
    const answer = await fetch(address, {
      method: 'POST',
      body: Buffer.from(protobufOf(spans.map(spanOf))),
      headers: protobuf,
    });
    expect(answer.status).toBe(200);
    await other.close();
    expect(await messages()).toBe(before);
  });

  it('are named, timed and placed by what OpenTelemetry says, and shown on the order’s page', async () => {
    const steps = await app.console.services.read(transactionSteps, { flow: 'order_to_cash', key: 'shop==O-7' });
    const byStep = Object.fromEntries(steps.map((step) => [step.step, step]));
    expect(Object.keys(byStep).sort()).toEqual([
      'erp_create_sales_order',
      'invoice',
      'receive_order',
      'shipment_confirmed',
      'wms_release',
    ]);
    const at = (nth: number, more = 0) => new Date(started + 70_000 + nth * 1_000 + more).toISOString();
    expect(byStep['receive_order']).toMatchObject({
      status: 'completed',
      system: 'order-router',
      started_at: at(0),
      ended_at: at(0, 250),
      parent_span_id: '',
      attributes: { span_name: 'Receive Order', service_name: 'order-router', ref_order_number: '#7' },
    });
    expect(byStep['erp_create_sales_order']).toMatchObject({
      system: 'sap',
      started_at: at(1),
      parent_span_id: hex(701, 16),
    });
    const [order] = await app.console.services.read(orderByKey, { key: 'shop==O-7', now: at(1) });
    expect(order).toMatchObject({ business_key: '#7', origin: 'live', amount: '129.9', currency: 'EUR' });
    const viewer = {
      id: 'v',
      email: 'v@example.com',
      name: 'V',
      roles: ['viewer'],
      permissions: new Set(['orders.read']),
    };
    const page = await presentOrder(
      app.console.services as unknown as AppContext,
      viewer as unknown as Parameters<typeof presentOrder>[1],
      'shop==O-7',
    );
    expect(page).toMatchObject({ key: 'shop==O-7', number: '#7' });
  });

  it('that failed say so with their last exception, by class where HTTP tells it', async () => {
    const exception = (type: string, message: string) => ({
      name: 'exception',
      timeUnixNano: nano(started),
      attributes: attributesOf({ 'exception.type': type, 'exception.message': message }),
    });
    const answer = await postSpans([
      spanOf({
        order: 100,
        nth: 1,
        said: { 'http.response.status_code': 503 },
        more: {
          status: { code: 2, message: 'no' },
          events: [exception('First', 'x'), exception('SoapFault', 'ERP is closed')],
        },
      }),
      spanOf({ order: 100, nth: 2, said: { 'syncline.status': 'retrying', 'syncline.attempt': 3 } }),
      spanOf({
        order: 100,
        nth: 3,
        more: { kind: 'SPAN_KIND_CONSUMER', status: { code: 'STATUS_CODE_ERROR', message: 'by name' } },
      }),
    ]);
    expect(await answer.json()).toEqual({});
    await untilLanded();
    expect(
      await query(
        "SELECT step, status, attempt, error_class, error_code, error_message, direction FROM steps WHERE key = 'shop==O-100' ORDER BY ordinal",
      ),
    ).toEqual([
      {
        step: 'erp_create_sales_order',
        status: 'failed',
        attempt: 1,
        error_class: 'unavailable',
        error_code: 'SoapFault',
        error_message: 'ERP is closed',
        direction: 'outbound',
      },
      {
        step: 'wms_release',
        status: 'retrying',
        attempt: 3,
        error_class: '',
        error_code: '',
        error_message: '',
        direction: 'outbound',
      },
      {
        step: 'shipment_confirmed',
        status: 'failed',
        attempt: 1,
        error_class: 'internal',
        error_code: '',
        error_message: 'by name',
        direction: 'inbound',
      },
    ]);
  });

  it('that are none of ours are passed over, and bad ones rejected alone, with the reason told and kept', async () => {
    const owned = stepEvent(1, 1, { key: 'shop==engine' });
    await jetstream(nc).publish(subjectOf(owned), JSON.stringify(owned));
    const before = await messages();
    const bad = [
      spanOf({ order: 200, nth: 0, said: { 'syncline.external_id': 'engine' } }),
      spanOf({ order: 200, nth: 1, said: { 'syncline.flow': 'gardening' } }),
      spanOf({ order: 200, nth: 1, said: { 'syncline.amount': '12,5' } }),
      spanOf({
        order: 200,
        nth: 2,
        said: { 'enduser.id': 'jane@example.com' },
        more: {
          spanId: 'xyz',
          status: { code: 2, message: 'ERP refused: no jane@example.com' },
          events: [{ name: 'exception', attributes: attributesOf({ 'exception.message': 'no jane@example.com' }) }],
        },
      }),
      spanOf({ order: 200, nth: 3, said: { 'syncline.key': 'shop==1.>' } }),
      { ...spanOf({ order: 200, nth: 3 }), attributes: attributesOf({ 'syncline.flow': 'order_to_cash' }) },
    ];
    const foreign = { ...spanOf({ order: 200, nth: 4 }), attributes: attributesOf({ 'http.route': '/cart' }) };
    // Nobody meant it for us, so what else may be wrong with it is not ours to reject.
    const malformed = { ...foreign, spanId: 'xyz', kind: 'SPAN_KIND_UNHEARD_OF' };
    const spans = [...bad, foreign, malformed, spanOf({ order: 200, nth: 4 })];
    const answer = await postSpans(spans);
    expect(answer.status).toBe(200);
    const { partialSuccess } = (await answer.json()) as {
      partialSuccess: { rejectedSpans: string; errorMessage: string };
    };
    expect(partialSuccess.rejectedSpans).toBe(String(bad.length));
    expect(partialSuccess.errorMessage).toContain('amount');
    await postSpans(spans);
    expect(await messages()).toBe(before + 1);
    const kept = await query(
      "SELECT path, reason, subject, raw FROM rejected_steps WHERE stream = 'OTLP' ORDER BY path, reason",
    );
    expect(kept.map(({ path }) => path)).toEqual(
      ['/amount', '/flow', '/key', '/spanId', '/syncline.key', '/syncline.key'].sort(),
    );
    for (const { reason, subject, raw } of kept) {
      expect(reason).not.toBe('');
      expect(subject).toBe('middleware');
      expect(raw).toContain('traceId');
      expect(raw).toContain('syncline.flow');
      expect(raw).not.toMatch(/peer\.service|jane@example/);
    }
    expect(kept.map(({ reason }) => reason).join()).toContain('carried by the sync engine');
    const spoiled = JSON.parse(String(kept.find(({ path }) => path === '/spanId')?.['raw'])) as unknown;
    expect(spoiled).toMatchObject({
      name: 'wms.release',
      status: { code: 2, message: expect.stringMatching(/^ERP refused: no /) as string },
    });
    expect(await metrics.getSingleMetricAsString('syncline_otlp_spans_total')).toContain(
      'outcome="ignored",service="ingest"} 4',
    );
  });

  it('of another system than the key’s own are rejected, so that none can stand where an order is about to come', async () => {
    const before = await messages();
    const answer = await postSpans([
      spanOf({ order: 150, nth: 0, said: { 'syncline.system': 'shopify-us' } }),
      spanOf({ order: 150, nth: 1, said: { 'syncline.key': 'shopify-us==150' } }),
      spanOf({ order: 150, nth: 2, said: { 'syncline.key': 'shop' } }),
      spanOf({ order: 150, nth: 3, said: { 'syncline.key': 'shop==150' } }),
    ]);
    expect(await answer.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage: 'syncline.key: is not of "shop", the only system that this API key may tell of',
      },
    });
    expect(await messages()).toBe(before + 1);
  });
});

describe('a request', () => {
  const one = JSON.stringify(requestOf([spanOf({ order: 300, nth: 0 })]));

  it.each([
    ['without a key', { authorization: '' }, 401],
    ['with a wrong key', { authorization: 'Bearer middleware.wrong' }, 401],
    ['of another content type', { 'content-type': 'text/plain' }, 415],
    ['in an unknown encoding', { 'content-encoding': 'br' }, 415],
    ['that is not the gzip it says', { 'content-encoding': 'gzip' }, 400],
  ])('%s is refused and nothing is stored', async (_, headers, status) => {
    const before = await messages();
    const answer = await post(one, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      code: expect.any(Number) as number,
      message: expect.any(String) as string,
    });
    expect(await messages()).toBe(before);
  });

  it('needs the scope steps.write', async () => {
    expect((await post(one, { authorization: `Bearer ${reader}` })).status).toBe(403);
  });

  it.each([
    ['is no JSON', '{"resourceSpans":', {}],
    ['has another shape', '{"resourceSpans":{}}', {}],
    ['is no protocol buffer', Buffer.from([0x0a, 0xff, 0x01]), protobuf],
  ])('that %s is refused as a whole', async (_, body, headers) => {
    expect((await post(body, headers)).status).toBe(400);
  });

  it('that is too large, as sent or unpacked, is refused', async () => {
    const large = JSON.stringify(requestOf([spanOf({ order: 300, nth: 0, said: { note: 'x'.repeat(300_000) } })]));
    expect((await post(large)).status).toBe(413);
    expect((await post(gzipSync(large), { 'content-encoding': 'gzip' })).status).toBe(413);
  });
});
