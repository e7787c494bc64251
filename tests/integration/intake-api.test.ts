import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderStatus, PostingsAnswer, Problem, Receipt } from '#contracts/v1/channel-api.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, subjects } from '#contracts/v1/subjects.ts';
import { jetstream } from '@nats-io/jetstream';
import { silentLog } from '#platform/log.ts';
import { getEntry, openBucket } from '#platform/nats/kv.ts';
import { readAt } from '#platform/nats/publish.ts';
import { readIntakeHeaders } from '#sync-engine/intake/headers.ts';
import { startMasterIntake } from '#sync-engine/master/apply.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { startIntake, type TestIntake } from '#tests/support/intake.ts';
import { stepEvent } from '#tests/support/step-events.ts';

let intake: TestIntake;
const everything = [
  ...(['orders.write', 'orders.read', 'products.write', 'stock.write'] as const),
  ...(['mappings.write', 'availability.read', 'postings.read'] as const),
];
beforeAll(async () => {
  intake = await startIntake({
    now: () => new Date('2026-03-01T12:00:00.000Z'),
    clients: {
      portal: { scopes: everything },
      till: { scopes: everything, system: 'pos-stores' },
      finance: { scopes: everything, system: 'netsuite' },
      reader: { scopes: ['orders.read'] },
      stray: { scopes: everything, system: 'gone' },
    },
  });
});
afterAll(() => intake.close());

type Answer = Receipt & Problem & OrderStatus & PostingsAnswer;
async function call(
  method: string,
  path: string,
  body?: unknown,
  { as = 'portal', headers = {} }: { as?: string; headers?: Record<string, string> } = {},
) {
  const key = intake.keys[as];
  const answer = await fetch(intake.url + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer };
}
async function stored(seq: number) {
  const message = await readAt(intake.manager, 'INTAKE', seq);
  if (message === undefined) throw new Error(`nothing is stored at ${seq}`);
  return { subject: message.subject, text: message.string(), headers: readIntakeHeaders(message.header) };
}

const order = (external_id: string) => ({
  external_id,
  number: `M-${external_id}`,
  placed_at: '2026-03-01T11:00:00.000Z',
  updated_at: '2026-03-01T11:00:00.000Z',
  currency: 'USD',
  taxes_included: false,
  customer: { email: 'a@example.com' },
  lines: [{ line_id: '1', sku: 'SKU-1', title: 'Shirt', quantity: 2, unit_price: '10.00' }],
  totals: {
    subtotal: '20.00',
    discount: '0.00',
    shipping: '0.00',
    tax: '0.00',
    duties: '0.00',
    tip: '0.00',
    total: '20.00',
  },
});

describe('POST /v1/orders', () => {
  it('accepts an order, keeps its bytes and answers with a receipt', async () => {
    const text = JSON.stringify(order('A 1#é'.replace('é', '')), null, 3).replace('A 1#', 'A-1#');
    const { status, body } = await call('POST', '/v1/orders', text);
    expect(status).toBe(202);
    expect(body).toEqual({
      accepted: true,
      duplicate: false,
      intake_seq: expect.any(Number) as number,
      key: 'marketplace==A-1=23',
    });
    const message = await stored(body.intake_seq);
    expect(message.text).toBe(text);
    expect(message.subject).toBe('intake.order.marketplace.channel-order');
    expect(message.headers).toMatchObject({
      'syncline-system': 'marketplace',
      'syncline-topic': 'channel.order',
      'syncline-client': 'portal',
      'syncline-resource': '/v1/orders',
    });
  });

  it('sent again is a duplicate: 200 with the first receipt', async () => {
    const first = await call('POST', '/v1/orders', order('A-2'));
    const again = await call('POST', '/v1/orders', order('A-2'));
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ ...first.body, duplicate: true });
  });

  it('with the same external id and another content is refused, not taken for a repetition', async () => {
    await call('POST', '/v1/orders', order('A-3'));
    const { status, body } = await call('POST', '/v1/orders', { ...order('A-3'), number: 'changed' });
    expect(status).toBe(409);
    expect(body.detail).toContain('another content');
  });

  it('is recognised by its Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    expect((await call('POST', '/v1/orders', order('A-4'), { headers })).status).toBe(202);
    expect((await call('POST', '/v1/orders', order('A-4'), { headers })).status).toBe(200);
    expect((await call('POST', '/v1/orders', order('A-5'), { headers })).status).toBe(409);
    expect((await call('POST', '/v1/orders', order('A-5'), { as: 'till', headers })).status).toBe(202);
  });

  it('that does not fit the schema gets 422 with every offending path', async () => {
    const { lines, ...rest } = order('A-6');
    const { status, body, headers } = await call('POST', '/v1/orders', {
      ...rest,
      currency: 'dollars',
      lines: [{ ...lines[0], quantity: 0 }, { line_id: '2' }],
      totals: { ...rest.totals, total: 20 },
    });
    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body.errors?.map(({ path }) => path)).toEqual([
      '/currency',
      '/lines/0/quantity',
      '/lines/1/sku',
      '/lines/1/title',
      '/lines/1/quantity',
      '/lines/1/unit_price',
      '/totals/total',
    ]);
    expect(body.errors?.[0]?.message).toContain('ISO 4217');
  });

  it.each<[string, unknown]>([
    ['an array', []],
    ['null', 'null'],
    ['a number', 5],
    ['__proto__', '{"__proto__": {"external_id": "x"}}'],
  ])('that is %s gets 422', async (_, body) => {
    expect((await call('POST', '/v1/orders', body)).status).toBe(422);
  });

  it('that is not JSON gets 400 with the position', async () => {
    const { status, body } = await call('POST', '/v1/orders', '{"external_id":\n}');
    expect(status).toBe(400);
    expect(body.detail).toContain('line 2, column 1');
  });

  it('for a channel of somebody else gets 422', async () => {
    const { status, body } = await call('POST', '/v1/orders', { ...order('A-7'), channel: 'web-us' });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: '/channel', message: 'is not yours; yours are: marketplace' }]);
    expect((await call('POST', '/v1/orders', order('A-7'), { as: 'finance' })).status).toBe(422);
  });
});

describe('an API key', () => {
  it.each([
    ['none', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['an unknown client', { authorization: 'Bearer nobody.secret' }],
    ['a wrong secret', { authorization: 'Bearer portal.secret' }],
    ['no secret', { authorization: 'Bearer portal' }],
    ['an empty secret', { authorization: 'Bearer portal.' }],
  ])('(%s) that does not fit gets 401', async (_, headers) => {
    const {
      status,
      headers: answered,
      body,
    } = await call('POST', '/v1/orders', order('B-1'), { as: 'nobody', headers });
    expect(status).toBe(401);
    expect(answered.get('www-authenticate')).toBe('Bearer realm="syncline", error="invalid_token"');
    expect(body.title).toBe('A valid API key is needed');
  });

  it('without the scope gets 403 that names it', async () => {
    const { status, headers, body } = await call('POST', '/v1/orders', order('B-2'), { as: 'reader' });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="orders.write"');
    expect(body.detail).toContain('"orders.write"');
  });

  it('of a client whose system is not in the estate gets 403', async () => {
    expect((await call('POST', '/v1/orders', order('B-3'), { as: 'stray' })).status).toBe(403);
  });

  it('is refused soon after its client was disabled', async () => {
    const kv = await openBucket(intake.nc, buckets.apiClients);
    const entry = await getEntry(kv, 'reader');
    await kv.put('reader', JSON.stringify({ ...entry?.json<object>(), disabled: true }));
    await expect
      .poll(async () => (await call('GET', '/v1/orders/marketplace==x', undefined, { as: 'reader' })).status)
      .toBe(401);
  });
});

describe('PUT of master data', () => {
  it('reaches the read model of the engine; an older one never overwrites a newer one', async () => {
    const master = await createMasterData(intake.nc, silentLog);
    await master.ready;
    const applying = await startMasterIntake(intake.nc, master, silentLog);
    const item = {
      title: 'Shirt',
      active: true,
      brand: 'northwind',
      unit_of_measure: 'EA',
      updated_at: '2026-03-01T10:00:00.000Z',
    };
    const put = (body: object) => call('PUT', '/v1/products/SKU%2F1', body);
    expect(await put(item)).toMatchObject({ status: 202, body: { key: 'SKU/1' } });
    expect(await put({ ...item, title: 'New', updated_at: '2026-03-01T10:00:02.000Z' })).toMatchObject({ status: 202 });
    expect(await put({ ...item, title: 'Old', updated_at: '2026-03-01T10:00:01.000Z' })).toMatchObject({ status: 202 });
    const mapped = await call('PUT', '/v1/mappings/tax_code/NY%20State', {
      system: 'netsuite',
      target: 'TAX-7',
      reason: 'new code',
    });
    expect(mapped).toMatchObject({ status: 202, body: { key: 'tax_code.netsuite.NY=20State' } });
    await expect
      .poll(() => master.mapping('tax_code', 'netsuite', 'NY State'))
      .toEqual({
        kind: 'tax_code',
        system: 'netsuite',
        code: 'NY State',
        target: 'TAX-7',
        reason: 'new code',
        changed_by: 'api:portal',
        changed_at: '2026-03-01T12:00:00.000Z',
      });
    expect(master.product('SKU/1')?.title).toBe('New');
    // Another replica sees the same, from the start.
    const other = await createMasterData(intake.nc, silentLog);
    await other.ready;
    expect(other.product('SKU/1')?.title).toBe('New');
    const consumer = await intake.manager.consumers.info('INTAKE', 'intake-master');
    expect(consumer.num_pending).toBe(0);
    await applying.stop();
    master.stop();
    other.stop();
  });

  it.each([
    ['/v1/products/a%20b', 422, 'sku'],
    ['/v1/mappings/colour/x', 404, undefined],
    ['/v1/mappings/tax_code/x', 422, '/target'],
  ])('%s with nothing fitting gets %d', async (path, expected, offending) => {
    const { status, body } = await call('PUT', path, path.includes('products') ? {} : { system: 'netsuite' });
    expect([status, body.errors?.[0]?.path]).toEqual([expected, offending]);
  });

  it('names the system that is not known', async () => {
    const { status, body } = await call('PUT', '/v1/mappings/tax_code/x', { system: 'sap', target: 'y' });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: '/system', message: '"sap" is not in this estate' }]);
  });
});

describe('PUT /v1/stock', () => {
  const count = { quantity: 7, version: 3, occurred_at: '2026-03-01T11:00:00.000Z' };

  it('goes to the stock domain with the path it was put to', async () => {
    const { status, body } = await call('PUT', '/v1/stock/dc-east/SKU-1', count);
    expect([status, body.key]).toEqual([202, 'SKU-1@dc-east']);
    const { subject, headers } = await stored(body.intake_seq);
    expect([subject, headers['syncline-resource']]).toEqual([
      'intake.stock.marketplace.channel-stock',
      '/v1/stock/dc-east/SKU-1',
    ]);
  });

  it('of the same version is a duplicate at the same place only', async () => {
    const put = (path: string) => call('PUT', `/v1/stock/${path}`, { ...count, version: 9 });
    expect((await put('dc-east/SKU-2')).status).toBe(202);
    expect((await put('dc-east/SKU-2')).status).toBe(200);
    expect((await put('dc-west/SKU-2')).status).toBe(202);
  });

  it('of an unknown location gets 404, of no whole number 422', async () => {
    expect((await call('PUT', '/v1/stock/moon/SKU-1', count)).status).toBe(404);
    const { status, body } = await call('PUT', '/v1/stock/dc-east/SKU-1', { ...count, quantity: 1.5 });
    expect([status, body.errors?.[0]?.path]).toEqual([422, '/quantity']);
  });
});

describe('GET /v1/orders/:key', () => {
  const key = 'marketplace==M-1';
  const event = (ordinal: number, change: Partial<StepEvent>): StepEvent =>
    stepEvent(1, ordinal, {
      key,
      step: 'intake_received',
      business_key: 'M-1',
      started_at: '2026-03-01T11:00:01.000Z',
      ended_at: '2026-03-01T11:00:02.000Z',
      occurred_at: '2026-03-01T11:00:00.000Z',
      deadline: '2026-03-01T12:00:00.000Z',
      system: 'marketplace',
      direction: 'inbound',
      channel: 'marketplace',
      amount: '20.00',
      state: { phase: 'forward' },
      ...change,
    });

  beforeAll(async () => {
    const js = jetstream(intake.nc);
    const posting = { document: 'sales_order', posting_key: 'us-retail:so:M-1' };
    const events = [
      event(1, {}),
      event(2, { step: 'reserve_stock', direction: 'internal' }),
      event(3, {
        step: 'erp_create_sales_order',
        system: 'netsuite',
        status: 'started',
        ended_at: '',
        attributes: posting,
      }),
      event(4, {
        step: 'erp_create_sales_order',
        system: 'netsuite',
        status: 'retrying',
        error_class: 'timeout',
        error_code: 'T',
        error_message: 'no answer',
        attributes: posting,
      }),
      event(5, {
        step: 'erp_create_sales_order',
        system: 'netsuite',
        attempt: 2,
        attributes: { ...posting, document_number: 'SO-77' },
      }),
    ];
    for (const one of events) await js.publish(subjects.step('order_to_cash', key), JSON.stringify(one));
  });

  it('tells lifecycle and steps so far', async () => {
    const { status, body } = await call('GET', `/v1/orders/${key}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      key,
      number: 'M-1',
      lifecycle: 'allocated',
      finished: false,
      amount: '20.00',
      system: 'marketplace',
    });
    expect(body.steps.map(({ step, status, attempt }) => `${step} ${status} ${attempt}`)).toEqual([
      'intake_received completed 1',
      'reserve_stock completed 1',
      'erp_create_sales_order completed 2',
    ]);
  });

  it('tells its postings', async () => {
    const { body } = await call('GET', `/v1/postings/${key}`);
    expect(body.postings).toEqual([
      {
        schema_version: 1,
        posting_key: 'us-retail:so:M-1',
        system: 'netsuite',
        document: 'sales_order',
        legal_entity: 'us-retail',
        order_key: key,
        amount: '20.00',
        currency: 'USD',
        status: 'posted',
        document_number: 'SO-77',
        attempts: 2,
        updated_at: '2026-03-01T11:00:02.000Z',
      },
    ]);
  });

  it('is for the order’s own channel and the systems of record', async () => {
    expect((await call('GET', `/v1/orders/${key}`, undefined, { as: 'till' })).status).toBe(404);
    expect((await call('GET', `/v1/orders/${key}`, undefined, { as: 'finance' })).status).toBe(200);
  });

  it.each(['marketplace==M-2', 'nonsense', 'marketplace==%2A', 'marketplace==%3E', '%2A==%2A'])(
    'of %s gets 404',
    async (unknownKey) => {
      expect((await call('GET', `/v1/orders/${unknownKey}`)).status).toBe(404);
      expect((await call('GET', `/v1/postings/${unknownKey}`)).status).toBe(404);
    },
  );
});

it('answers 503 with Retry-After while no stock writer is there', async () => {
  const { status, headers } = await call('GET', '/v1/availability?sku=SKU-1');
  expect([status, headers.get('retry-after')]).toEqual([503, '2']);
});

it('names what is wrong with a question about availability', async () => {
  expect((await call('GET', '/v1/availability')).body.errors?.[0]?.path).toBe('/sku');
  expect((await call('GET', '/v1/availability?sku=SKU-1&channel=web-us')).status).toBe(404);
});

it('serves its own description', async () => {
  const document = (await (await fetch(`${intake.url}/openapi.json`)).json()) as { openapi: string; paths: object };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toContain('/v1/stock/{location}/{sku}');
});
