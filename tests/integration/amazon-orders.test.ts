import { nanos } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, streams } from '#contracts/v1/subjects.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { amazonOf, askedOften, placeAtAmazon } from '../support/amazon.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import type { TestEngine } from '../support/engine.ts';
import { CREDITED_ONLY } from '../support/return-work.ts';
import { ledgers, postReceipt, untilReturn } from '../support/returns.ts';

let landed: LandedEstate;
let estate: TestEngine;

beforeAll(async () => {
  landed = await startLandedEstate({ estate: askedOften() });
  estate = landed.estate;
  amazonOf(estate.simulator).setSettled(0);
  // Forgets within a tenth of a second what it forgets after two minutes otherwise.
  const { config } = await estate.manager.streams.info(streams.intake);
  await estate.manager.streams.update(streams.intake, { ...config, duplicate_window: nanos(100) });
}, 120_000);
afterAll(() => landed.close(), 60_000);

const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';
const place = (id: number, options: Parameters<typeof placeAtAmazon>[2] = {}) =>
  placeAtAmazon(estate.simulator, id, options);
const atAmazon = (orderId: string) => {
  const order = amazonOf(estate.simulator).market.orders.get(orderId);
  if (order === undefined) throw new Error(`Amazon has no order ${orderId}`);
  return order;
};
const soon = <T>(check: () => Promise<T> | T) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const messages = async (orderId: string) => {
  const info = await estate.manager.streams.info(streams.intake, { subjects_filter: 'intake.order.amazon.>' });
  const found: string[] = [];
  for (let seq = info.state.first_seq; seq <= info.state.last_seq; seq++) {
    const message = await estate.manager.streams.getMessage(streams.intake, { seq }).catch(() => null);
    const id = message?.header.get('syncline-webhook-id') ?? '';
    if (id.startsWith(orderId)) found.push(id);
  }
  return found;
};
const cursorKv = () => openBucket(estate.nc, buckets.pollCursors);
const cursorShape = z.object({ position: z.string(), recent: z.array(z.string()) });

test('an order that Amazon was asked for is booked, shipped, confirmed at Amazon, invoiced and seen in ClickHouse', async () => {
  const { orderId, key } = place(41_001);
  const events = await estate.until(key, isSettled);
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  const books = estate.simulator.state('netsuite')['netsuite'] as Record<string, { externalId: string }[]>;
  expect(books['salesOrders']?.filter(({ externalId }) => externalId === `so-${key}`)).toHaveLength(1);
  expect(books['invoices']?.filter(({ externalId }) => externalId === `inv-${key}`)).toHaveLength(1);
  // Amazon has taken the money: no payment provider is asked for it.
  expect(events.find(({ step }) => step === 'capture_payment')).toMatchObject({ status: 'skipped' });

  const { order, items, confirmations } = atAmazon(orderId);
  expect(order.OrderStatus).toBe('Shipped');
  expect(confirmations).toHaveLength(1);
  expect(confirmations[0]).toMatchObject({
    edits: 0,
    items: items.map(({ OrderItemId, QuantityOrdered }) => ({ orderItemId: OrderItemId, quantity: QuantityOrdered })),
  });

  await landed.untilLanded();
  const rows = await landed.store.clickhouse.query(
    `SELECT ordinal, step, status FROM steps WHERE key = '${key}' ORDER BY stream_seq`,
  );
  expect(rows.map(({ step, status }) => [step, status]).slice(0, events.length)).toEqual(
    events.map(({ step, status }) => [step, status]),
  );
}, 60_000);

test('goods that come back are restocked and credited, and the money is Amazon’s to give back', async () => {
  const { key: orderKey } = place(41_050);
  await estate.until(orderKey, isSettled);
  const [item] = estate.simulator.catalogue.active;
  const lines = [{ sku: item?.sku, quantity: 1, condition: 'sellable', reason_code: 'changed_mind' }];
  expect((await postReceipt(estate, { receipt_id: 'R-41050', reference: orderKey, lines })).status).toBe(200);
  const key = transactionKey('wms-east', 'return-R-41050');
  const events = await untilReturn(estate, key, 'close');
  expect(events.map(({ step, status }) => `${step} ${status}`)).toEqual(CREDITED_ONLY);
  const last = events.at(-1);
  expect(Number(last?.amount)).toBeGreaterThan(0);
  expect(ledgers(estate).creditsOf(key)).toEqual([
    expect.objectContaining({ total: Number(last?.amount), currency: 'USD', subsidiary: '2' }),
  ]);
  expect((await estate.events(orderKey)).at(-1)?.step).toBe('partly_returned');
}, 60_000);

test('a pending order waits at Amazon until it can be shipped', async () => {
  const { orderId, key } = place(41_002, { status: 'Pending' });
  const other = place(41_003);
  // Once a later order came through, the pending one was seen and left.
  await estate.until(other.key, ({ step }) => step === 'erp_create_sales_order');
  expect(await messages(orderId)).toEqual([]);
  expect(await estate.events(key)).toEqual([]);
  amazonOf(estate.simulator).market.change(orderId, { OrderStatus: 'Unshipped' });
  const events = await estate.until(key, isSettled);
  expect(events[0]).toMatchObject({ step: 'intake_received', business_key: orderId });
}, 60_000);

test('what is asked for a second time, beyond every window and after JetStream forgot it, has no second effect', async () => {
  const { orderId, key } = place(41_004);
  const isUpdate = ({ step }: StepEvent) => step === 'channel_update_received';
  await Promise.all([estate.until(key, isSettled), estate.until(key, isUpdate)]);
  const done = { events: await estate.events(key), messages: await messages(orderId) };
  expect(done.messages).toHaveLength(2);
  // Another one that is still as Amazon told of it first.
  estate.simulator.conditions.setFault('netsuite', 'error', 1);
  const waiting = place(41_005);
  await estate.until(waiting.key, ({ step, status }) => step === 'erp_create_sales_order' && status === 'retrying');

  // The cursor is set back by an hour until both have been put onto INTAKE once more.
  const kv = await cursorKv();
  await soon(async () => {
    await kv.put('amazon', JSON.stringify({ position: new Date(Date.now() - 3_600_000).toISOString(), recent: [] }));
    expect((await messages(orderId)).length).toBeGreaterThan(done.messages.length);
    expect((await messages(waiting.orderId)).length).toBeGreaterThan(1);
  });
  estate.simulator.conditions.clearFaults('netsuite');

  await estate.until(waiting.key, isSettled);
  await estate.until(waiting.key, isUpdate);
  const updates = (await estate.events(waiting.key)).filter(isUpdate);
  expect(updates.map(({ attributes }) => attributes['intake_seq'])).toHaveLength(1);
  expect(await estate.events(key)).toEqual(done.events);
  for (const id of [orderId, waiting.orderId]) expect(atAmazon(id).confirmations).toMatchObject([{ edits: 0 }]);
}, 60_000);

test('an order cancelled at Amazon is cancelled here, and Amazon is not told what it told us', async () => {
  estate.simulator.conditions.setFault('netsuite', 'error', 1);
  const { orderId, key } = place(41_006);
  await estate.until(key, ({ step, status }) => step === 'erp_create_sales_order' && status === 'retrying');
  amazonOf(estate.simulator).market.change(orderId, { OrderStatus: 'Canceled' });
  await estate.until(key, ({ step }) => step === 'cancel_requested');
  estate.simulator.conditions.clearFaults('netsuite');
  const events = await estate.until(key, ({ step, status }) => step === 'cancelled' && status === 'completed');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  expect(atAmazon(orderId).confirmations).toEqual([]);
}, 60_000);

test('an order that Amazon ships from its own stock, or that was shipped before we knew it, is recorded and left alone', async () => {
  const own = place(41_007, { channel: 'AFN' });
  const shipped = place(41_008, { status: 'Shipped' });
  for (const { key } of [own, shipped]) {
    const events = await estate.until(key, ({ step }) => step === 'validate');
    expect(events.at(-1)).toMatchObject({ status: 'skipped', step: 'validate' });
  }
  expect((await estate.events(own.key)).at(-1)?.attributes['reason']).toContain('Fulfilled by Amazon');
  expect((await estate.events(shipped.key)).at(-1)?.attributes['reason']).toContain('Shipped before it reached us');
}, 60_000);

test('an order without an amount is a case that names the field, and those behind it go on', async () => {
  const market = amazonOf(estate.simulator).market;
  const { orderId, key } = place(41_009, { status: 'Pending' });
  for (const item of atAmazon(orderId).items) Reflect.deleteProperty(item, 'ItemPrice');
  market.change(orderId, { OrderStatus: 'Unshipped' });
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  expect(events.at(-1)).toMatchObject({ error_code: 'price_missing', error_path: '/OrderItems/0/ItemPrice' });
  await estate.until(place(41_010).key, isSettled);
}, 60_000);

test('a token that Amazon no longer takes is renewed, once, and the order comes in', async () => {
  const api = amazonOf(estate.simulator);
  const before = api.tokens.issued();
  api.tokens.revoke();
  await estate.until(place(41_011).key, isSettled);
  // An access token and one for the buyers' addresses.
  expect(api.tokens.issued()).toBe(before + 2);
}, 60_000);

test('while Amazon is out the cursor stands, and afterwards what changed meanwhile comes in', async () => {
  const { conditions } = estate.simulator;
  conditions.setFault('amazon', 'error', 1);
  const placed = [41_012, 41_013, 41_014].map((id) => place(id));
  const kv = await cursorKv();
  const failedBefore = answers(500);
  await soon(() => expect(answers(500)).toBeGreaterThan(failedBefore));
  const stands = (await getJson(kv, 'amazon', cursorShape))?.value.position;
  await soon(() => expect(answers(500)).toBeGreaterThan(failedBefore + 1));
  expect((await getJson(kv, 'amazon', cursorShape))?.value.position).toBe(stands);
  conditions.clearFaults('amazon');
  for (const { key, orderId } of placed) {
    await estate.until(key, isSettled);
    expect((await messages(orderId))[0]).toContain('Unshipped');
  }
}, 60_000);

const answers = (status: number): number => {
  const counted = estate.simulator.summary().systems['amazon']?.['answers'] as Record<string, number> | undefined;
  return counted?.[String(status)] ?? 0;
};
