import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, Receipt } from '#contracts/v1/channel-api.ts';
import { readAt } from '#platform/nats/publish.ts';
import { readIntakeHeaders } from '#sync-engine/intake/headers.ts';
import { posSignature, shopifySignature, startIntake, type TestIntake, wmsSignature } from '#tests/support/intake.ts';

let intake: TestIntake;
beforeAll(async () => {
  intake = await startIntake({ now: () => new Date('2026-03-01T12:00:00.000Z') });
});
afterAll(() => intake.close());

const order = (id = '820982911946154508') =>
  `{ "id": ${id}, "admin_graphql_api_id": "gid://shopify/Order/${id}",\n  "name": "#9999", "note": "größer \\u2603 ☃", "total_price": "403.00" }`;

type Headers = Record<string, string>;
async function shopify(body: string | Uint8Array<ArrayBuffer>, headers: Headers = {}) {
  const answer = await fetch(`${intake.url}/intake/shopify`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'northwind-lane-us.myshopify.com',
      'x-shopify-hmac-sha256': shopifySignature(body),
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': 'event-1',
      'x-shopify-triggered-at': '2026-03-01T11:59:58.123456789Z',
      ...headers,
    },
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Receipt & Problem };
}
async function stored(seq: number) {
  const message = await readAt(intake.manager, 'INTAKE', seq);
  if (message === undefined) throw new Error(`nothing is stored at ${seq}`);
  return { subject: message.subject, data: message.data, headers: readIntakeHeaders(message.header) };
}
const messages = async () => (await intake.manager.streams.info('INTAKE')).state.messages;

describe('a Shopify webhook', () => {
  it('is durable, byte for byte, with both ids, before it is answered', async () => {
    const body = order();
    const { status, body: receipt } = await shopify(body, {
      'x-shopify-webhook-id': 'hook-1',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    expect(status).toBe(200);
    expect(receipt).toMatchObject({ accepted: true, duplicate: false, key: 'shopify-us==820982911946154508' });
    const message = await stored(receipt.intake_seq);
    expect(message.subject).toBe('intake.order.shopify-us.orders-create');
    expect(Buffer.from(message.data).equals(Buffer.from(body))).toBe(true);
    expect(message.headers).toEqual({
      'syncline-system': 'shopify-us',
      'syncline-topic': 'orders/create',
      'syncline-received-at': '2026-03-01T12:00:00.000Z',
      'syncline-triggered-at': '2026-03-01T11:59:58.123Z',
      'syncline-webhook-id': 'hook-1',
      'syncline-event-id': 'event-1',
      'syncline-origin': 'simulated',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
  });

  it('delivered twice is accepted twice and stored once', async () => {
    const before = await messages();
    const first = await shopify(order(), { 'x-shopify-webhook-id': 'twice' });
    const again = await shopify(order(), { 'x-shopify-webhook-id': 'twice' });
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    expect(await messages()).toBe(before + 1);
    expect(await intake.metrics.getSingleMetricAsString('syncline_intake_duplicates_total')).toMatch(
      /system="shopify-us",topic="orders\/create".*\} 1$/m,
    );
  });

  it('with the same id from another shop or on another topic is another delivery', async () => {
    const id = { 'x-shopify-webhook-id': 'shared' };
    expect((await shopify(order(), id)).body.duplicate).toBe(false);
    expect((await shopify(order(), { ...id, 'x-shopify-topic': 'orders/updated' })).body.duplicate).toBe(false);
    const elsewhere = {
      'x-shopify-shop-domain': 'northwind-lane-eu.myshopify.com',
      'x-shopify-hmac-sha256': shopifySignature(order(), 'env:SHOPIFY_EU_SECRET'),
    };
    expect((await shopify(order(), { ...id, ...elsewhere })).body.duplicate).toBe(false);
  });

  it('sent a hundred times at once is stored once', async () => {
    const before = await messages();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => shopify(order(), { 'x-shopify-webhook-id': 'at-once' })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    expect(await messages()).toBe(before + 1);
  });

  it('without ids is stored each time, since nothing tells it from a new one', async () => {
    const before = await messages();
    for (let i = 0; i < 2; i++) await shopify(order(), { 'x-shopify-webhook-id': '', 'x-shopify-event-id': '' });
    expect(await messages()).toBe(before + 2);
  });

  it('triggered long ago is accepted and marked stale', async () => {
    const { status, body } = await shopify(order(), { 'x-shopify-triggered-at': '2026-03-01T07:59:59Z' });
    expect(status).toBe(200);
    expect((await stored(body.intake_seq)).headers['syncline-stale']).toBe('true');
  });

  it.each(['yesterday', ''])('with the unreadable time %j is accepted as if it had none', async (triggered) => {
    const { body } = await shopify(order(), { 'x-shopify-triggered-at': triggered });
    const { headers } = await stored(body.intake_seq);
    expect(headers['syncline-triggered-at']).toBeUndefined();
    expect(headers['syncline-stale']).toBeUndefined();
  });

  it.each(['{}', '[]', 'null', '{"id": "x", "line_items": 7}'])(
    'that violates our schema (%s) is accepted: it becomes a case',
    async (body) => {
      expect((await shopify(body)).status).toBe(200);
    },
  );

  it.each([
    ['a wrong signature', { 'x-shopify-hmac-sha256': shopifySignature('other') }],
    ['a signature of another length', { 'x-shopify-hmac-sha256': 'AAAA' }],
    ['no signature', { 'x-shopify-hmac-sha256': '' }],
    ["another shop's signature", { 'x-shopify-hmac-sha256': shopifySignature(order(), 'env:SHOPIFY_EU_SECRET') }],
    ['an unknown shop', { 'x-shopify-shop-domain': 'nobody.myshopify.com' }],
    ['no shop', { 'x-shopify-shop-domain': '' }],
    ['an unknown shop and topic', { 'x-shopify-shop-domain': 'nobody.myshopify.com', 'x-shopify-topic': 'x' }],
  ])('with %s gets the same 401', async (_, headers) => {
    const before = await messages();
    const { status, headers: answered, body } = await shopify(order(), headers);
    expect(status).toBe(401);
    expect(answered.get('content-type')).toContain('application/problem+json');
    expect(answered.get('www-authenticate')).toContain('Signature');
    expect(body).toEqual({
      type: 'urn:syncline:problem:unauthorised',
      title: 'The signature is not valid',
      status: 401,
      detail: 'x-shopify-hmac-sha256 does not match the body under the secret of this sender.',
    });
    expect(await messages()).toBe(before);
  });

  it('of an unknown topic gets 404 that names the supported ones', async () => {
    const { status, body } = await shopify(order(), { 'x-shopify-topic': 'products/update' });
    expect(status).toBe(404);
    expect(body.detail).toBe(
      'x-shopify-topic names the topic "products/update". Supported are orders/create, orders/updated, orders/cancelled, refunds/create, fulfillments/create, inventory_levels/update, returns/request, customers/create, customers/update.',
    );
  });

  it.each([
    ['{"id": 1,\n  "name" "x"}', 'colon expected at line 2, column 10 (offset 19)'],
    ['{"id": 1,}', 'line 1, column 10'],
    ['', 'line 1, column 1'],
    ['{"id": 1} trailing', 'line 1, column 11'],
    ['// no comments\n{}', 'line 1, column 1'],
  ])('that is not JSON (%j) gets 400 with the position', async (body, position) => {
    const { status, body: problem } = await shopify(body);
    expect(status).toBe(400);
    expect(problem.detail).toContain(position);
  });

  it('that is not UTF-8 gets 400', async () => {
    const { status, body } = await shopify(new Uint8Array([0x7b, 0xff, 0x7d]));
    expect([status, body.detail]).toEqual([400, 'The body is not valid UTF-8.']);
  });

  it('nested thousands deep harms nobody', async () => {
    expect((await shopify('['.repeat(100_000))).status).toBe(400);
    expect((await shopify(order())).status).toBe(200);
  });

  it('of exactly the largest size is accepted, one byte more gets 413', async () => {
    const sized = (bytes: number) => `{"note":"${'x'.repeat(bytes - 11)}"}`;
    const largest = sized(1_000_000);
    const { status, body } = await shopify(largest);
    expect(status).toBe(200);
    expect((await stored(body.intake_seq)).data).toHaveLength(1_000_000);
    const larger = await shopify(sized(1_000_001));
    expect(larger.status).toBe(413);
    expect(larger.body.detail).toBe('At most 1000000 bytes are accepted.');
  });

  it('with an id that is too long gets 422', async () => {
    const { status, body } = await shopify(order(), { 'x-shopify-webhook-id': 'x'.repeat(201) });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: 'x-shopify-webhook-id', message: 'expected at most 200 characters' }]);
  });

  it('says what it is only in a simulated estate', async () => {
    const { body } = await shopify(order(), { 'x-syncline-origin': 'backfill' });
    expect((await stored(body.intake_seq)).headers['syncline-origin']).toBe('backfill');
  });
});

describe('a webhook of a warehouse system', () => {
  const wms = async (body: string, headers: Headers = {}) => {
    const answer = await fetch(`${intake.url}/intake/wms`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-wms-topic': 'shipment.confirmed',
        'x-wms-warehouse': 'wms-east',
        'x-wms-signature': wmsSignature(body),
        'x-wms-event-id': randomUUID(),
        ...headers,
      },
    });
    return { status: answer.status, body: (await answer.json()) as Receipt & Problem };
  };

  it.each([
    ['shipment.confirmed', 'intake.fulfilment.wms-east.shipment-confirmed'],
    ['shipment.delivered', 'intake.fulfilment.wms-east.shipment-delivered'],
    ['stock.changed', 'intake.stock.wms-east.stock-changed'],
  ])('%s goes to its own domain', async (topic, subject) => {
    const { status, body } = await wms('{"a":1}', { 'x-wms-topic': topic });
    expect(status).toBe(200);
    expect((await stored(body.intake_seq)).subject).toBe(subject);
  });

  it('delivered twice is stored once', async () => {
    const id = { 'x-wms-event-id': 'event-7' };
    expect((await wms('{}', id)).body.duplicate).toBe(false);
    expect((await wms('{}', id)).body.duplicate).toBe(true);
  });

  it('with a wrong signature or an unknown warehouse gets 401, of an unknown topic 404', async () => {
    expect((await wms('{}', { 'x-wms-signature': wmsSignature('{ }') })).status).toBe(401);
    expect((await wms('{}', { 'x-wms-warehouse': 'netsuite' })).status).toBe(401);
    expect((await wms('{}', { 'x-wms-topic': 'orders/create' })).status).toBe(404);
  });
});

it('of the tills takes batches alone: a return of its own is made by the engine, and refused from outside', async () => {
  const before = await messages();
  const body = JSON.stringify({ schema_version: 1, store: 'store-001', sequence: 7, currency: 'USD' });
  const answer = await fetch(`${intake.url}/intake/pos`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-pos-topic': 'store.return',
      'x-pos-system': 'store-batches',
      'x-pos-signature': posSignature(body),
    },
  });
  expect(answer.status).toBe(404);
  expect(((await answer.json()) as Problem).detail).toBe(
    'x-pos-topic names the topic "store.return". Supported are store.batch, store.poslog.',
  );
  expect(await messages()).toBe(before);
});

it('answers 404 with problem details for what does not exist', async () => {
  for (const path of ['/intake/unknown', '/', '/v2/orders']) {
    const answer = await fetch(intake.url + path, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
});

it('counts what it refuses by reason', async () => {
  await shopify(order(), { 'x-shopify-hmac-sha256': 'AAAA' });
  const counts = await intake.metrics.getMetricsAsJSON();
  const labels = (name: string) => counts.find((metric) => metric.name === name)?.values.map((value) => value.labels);
  expect(labels('syncline_intake_refused_total')).toContainEqual(
    expect.objectContaining({ route: '/intake/shopify', reason: 'unauthorised' }),
  );
  expect(labels('syncline_intake_bytes_total')).toContainEqual(expect.objectContaining({ system: 'shopify-us' }));
  expect(labels('syncline_intake_request_seconds')).toContainEqual(
    expect.objectContaining({ route: '/intake/shopify', status: '200' }),
  );
});
