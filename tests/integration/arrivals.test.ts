import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { topicToken } from '#contracts/v1/intake.ts';
import { buckets, type IntakeDomain, streams, subjects } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { immediatePace } from '#simulator/pace.ts';
import { channelOrder } from '../support/channel-order.ts';
import { caseState } from '../support/cases.ts';
import { commandOf, controlSimulator } from '../support/commands.ts';
import { enterByHand, misdirectedOrder } from '../support/misdirected-order.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { postShipment } from '../support/warehouse.ts';

const actor = { id: 'olga', roles: ['operations' as const] };
const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';

let estate: TestEngine;
let nextId = 20_000;

beforeAll(async () => {
  estate = await startEngine({
    simulator: { pace: { ...immediatePace, splitShare: 1 } },
    estate: (declared) => ({
      ...declared,
      policies: { ...declared.policies, hold_early_signals_s: 1 },
      systems: declared.systems.map((system) =>
        system.id === 'netsuite'
          ? { ...system, limits: { ...system.limits, breaker_failures: 3, breaker_open_s: 1 } }
          : system,
      ),
    }),
  });
}, 60_000);
afterAll(() => estate.close());

const doneUpTo = async (domain: IntakeDomain) =>
  (await estate.manager.consumers.info(streams.intake, `intake-${domain}`)).ack_floor.stream_seq;
const caseOf = (id: string) => caseState(estate, id);

test('an order that leaves in two parcels is captured in parts that add up, and invoiced once', async () => {
  const id = ++nextId;
  const key = await estate.placeOrder({ id });
  const events = await estate.until(key, isSettled);
  const done = (step: string) => events.filter((event) => event.step === step && event.status === 'completed');
  // Both leave at once, so either may be told of first.
  const remaining = done('shipment_confirmed').map(({ attributes }) => attributes['remaining_units']);
  expect(['1', '2']).toContain(remaining[0]);
  expect(remaining.slice(1)).toEqual(['0']);
  expect(done('channel_fulfilment')).toHaveLength(2);
  expect(done('erp_post_invoice')).toHaveLength(1);
  const shop = estate.simulator.state('shopify-us')['shopify-us'] as {
    orders: { id: string; authorised: string; captured: string; captures: string[] }[];
  };
  const order = shop.orders.find((candidate) => candidate.id === String(id));
  expect(order?.captures).toHaveLength(2);
  expect(order?.captured).toBe(order?.authorised);
});

test('a payload that is no order at all is accepted, and is a case', async () => {
  const response = await estate.postShopify('orders/create', JSON.stringify({ id: ++nextId, currency: 'USD' }));
  expect(response.status).toBe(200);
  const events = await estate.until(
    transactionKey('shopify-us', String(nextId)),
    ({ status }) => status === 'quarantined',
  );
  expect(events.at(-1)).toMatchObject({ step: 'canonicalise', error_class: 'validation' });
  const { problems } = await caseOf(events.at(-1)?.case_id ?? '');
  expect(problems.map(({ path }) => path)).toContain('/line_items');
});

test('an order of an inactive SKU stops with the line named', async () => {
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const [inactive] = estate.simulator.catalogue.inactive;
  const lines = draft.lines.map((line, i) =>
    i === 1 && inactive !== undefined ? { ...line, sku: inactive.sku } : line,
  );
  const key = await estate.placeOrder({ ...draft, lines });
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  expect(events.at(-1)).toMatchObject({
    step: 'validate',
    error_class: 'reference',
    error_code: 'inactive_sku',
    error_path: '/lines/1/sku',
  });
});

test('a shipment of an order that nobody knows is held, and then it is a case', async () => {
  const body = JSON.stringify({
    event_id: randomUUID(),
    warehouse: 'wms-east',
    reference: 'shopify-us==404404',
    shipment_id: 'S-404',
    carrier: 'UPS',
    tracking_number: '1Z404',
    shipped_at: new Date().toISOString(),
    lines: [{ line_id: '1', sku: 'X', quantity: 1 }],
  });
  const response = await postShipment(estate, body);
  expect(response.status).toBe(200);
  const { intake_seq } = (await response.json()) as { intake_seq: number };
  const events = await estate.until(
    transactionKey('wms-east', `intake-${intake_seq}`),
    ({ status }) => status === 'quarantined',
  );
  expect(events.at(-1)).toMatchObject({ step: 'apply_fulfilment_message', error_code: 'unknown_order' });
});

test('a message that never came through the intake is tried, and then it is a case that says so', async () => {
  const subject = subjects.intake('order', 'shopify-us', topicToken('orders/create'));
  const { seq } = await estate.js.publish(subject, '{}');
  const events = await estate.until(
    transactionKey('shopify-us', `message-${seq}`),
    ({ status }) => status === 'quarantined',
  );
  expect(events.at(-1)).toMatchObject({ error_class: 'validation', error_code: 'unreadable_headers' });
  const { problems } = await caseOf(events.at(-1)?.case_id ?? '');
  expect(problems[0]?.message).toContain('syncline-received-at');
  await expect.poll(() => doneUpTo('order'), { timeout: 10_000 }).toBeGreaterThanOrEqual(seq);
}, 60_000);

test('master data that cannot be understood is done with, and holds up nothing', async () => {
  const { seq } = await estate.js.publish(subjects.intake('master', 'netsuite', 'items'), '{}');
  await expect.poll(() => doneUpTo('master'), { timeout: 10_000 }).toBeGreaterThanOrEqual(seq);
}, 30_000);

test('while the ERP is in maintenance orders are accepted, and the backlog drains afterwards', async () => {
  await controlSimulator(estate, 'maintenance', { system: 'netsuite', seconds: 4 });
  const keys = await Promise.all(Array.from({ length: 12 }, () => estate.placeOrder({ id: ++nextId })));
  const acknowledged = await Promise.all(
    keys.map((key) =>
      estate.until(key, ({ step, status }) => step === 'acknowledge_channel' && status === 'completed'),
    ),
  );
  expect(acknowledged).toHaveLength(12);
  const settled = await Promise.all(keys.map((key) => estate.until(key, isSettled)));
  const state = estate.simulator.state('netsuite')['netsuite'] as { salesOrders: { externalId: string }[] };
  for (const [i, events] of settled.entries()) {
    expect(
      events.filter(({ step, status }) => step === 'erp_create_sales_order' && status === 'completed'),
    ).toHaveLength(1);
    expect(state.salesOrders.filter(({ externalId }) => externalId === `so-${keys[i]}`)).toHaveLength(1);
  }
}, 60_000);

test('an order on hold waits, and goes on when it is released', async () => {
  await controlSimulator(estate, 'maintenance', { system: 'netsuite', seconds: 2 });
  const key = await estate.placeOrder({ id: ++nextId });
  await estate.until(key, ({ step, status }) => step === 'erp_create_sales_order' && status === 'retrying');
  await commandOf(estate.nc, 'order.hold', { actor, key, reason: 'address check' });
  await estate.until(key, ({ step }) => step === 'order_held');
  await commandOf(estate.nc, 'order.release', { actor, key, reason: 'checked' });
  const events = await estate.until(key, isSettled);
  expect(events.map(({ step }) => step)).toContain('order_released');
}, 30_000);

test('a document made by hand is looked up before the order goes on after it', async () => {
  const order = await misdirectedOrder(estate, ++nextId);
  const { key, caseId: case_id } = order;
  const stopped = (await estate.events(key)).at(-1);
  expect(stopped).toMatchObject({ step: 'erp_create_sales_order', error_class: 'mapping' });
  const outside = { actor, case_id, revision: 1, document_number: 'SO0' };
  await expect(commandOf(estate.nc, 'case.done-outside', outside)).rejects.toThrow('has no such document');
  const number = await enterByHand(estate, order);
  await expect(commandOf(estate.nc, 'case.done-outside', outside)).rejects.toThrow('its number is not SO0');
  await commandOf(estate.nc, 'case.done-outside', { ...outside, document_number: number });
  const events = await estate.until(key, isSettled);
  expect(events.find(({ attributes }) => attributes['done_outside'] === 'true')?.attributes['document_number']).toBe(
    number,
  );
  expect((await caseOf(outside.case_id)).status).toBe('done_outside');
  const posted = events.filter(({ step }) => step === 'erp_create_sales_order');
  expect(posted.length).toBeGreaterThan(1);
  expect(new Set(posted.map(({ attributes }) => attributes['posting_key']))).toEqual(new Set([`so-${key}`]));
}, 30_000);

test('the channel API carries a marketplace order to the end, captured at the payment provider', async () => {
  const kv = await openBucket(estate.nc, buckets.apiClients);
  const { key: apiKey } = await createApiClient(
    kv,
    {
      id: 'bazaar',
      name: 'Bazaar',
      scopes: ['orders.write', 'orders.read', 'postings.read', 'availability.read'],
      quota_per_minute: 1000,
      system: 'marketplace',
    },
    new Date(),
  );
  const [item] = estate.simulator.catalogue.active;
  if (item === undefined) throw new Error('the catalogue is empty');
  const order = channelOrder('MP-1', item);
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const availability = () => fetch(`${estate.intakeUrl}/v1/availability?sku=${item.sku}`, { headers });
  // The engine follows the clients: it knows a new one a moment later.
  await expect.poll(async () => (await availability()).status).toBe(200);
  const accepted = await fetch(`${estate.intakeUrl}/v1/orders`, {
    method: 'POST',
    headers,
    body: JSON.stringify(order),
  });
  expect(accepted.status, await accepted.clone().text()).toBe(202);
  const { key } = (await accepted.json()) as { key: string };
  await estate.until(key, isSettled);
  const status = await fetch(`${estate.intakeUrl}/v1/orders/${encodeURIComponent(key)}`, { headers });
  expect(await status.json()).toMatchObject({ lifecycle: 'financially_settled' });
  const postings = await fetch(`${estate.intakeUrl}/v1/postings/${encodeURIComponent(key)}`, { headers });
  const { postings: list } = (await postings.json()) as { postings: { document: string; status: string }[] };
  expect(list.filter(({ document }) => document === 'sales_order')).toMatchObject([{ status: 'posted' }]);
  expect((await availability()).status).toBe(200);
});
