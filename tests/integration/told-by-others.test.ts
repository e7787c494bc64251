import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Flow } from '#contracts/v1/step-event.ts';
import { buckets, type IntakeDomain, streams, subjects } from '#contracts/v1/subjects.ts';
import { getEntry, openBucket } from '#platform/nats/kv.ts';
import { readLast } from '#platform/nats/publish.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { openMarketplace, postReceipt } from '../support/returns.ts';
import { stepEvent, subjectOf } from '../support/step-events.ts';
import { batchOf, DAY, postBatch } from '../support/stores.ts';
import { openStripe, stripeEvent } from '../support/stripe.ts';
import { postShipment } from '../support/warehouse.ts';

/** What arrives for transactions of which another system tells, by a file or by spans. */
const actor = { id: 'olga', roles: ['operations' as const] };
let estate: TestEngine;
let nextId = 27_000;
beforeAll(async () => {
  estate = await startEngine({
    estate: (declared) => ({ ...declared, policies: { ...declared.policies, hold_early_signals_s: 1 } }),
  });
}, 60_000);
afterAll(() => estate.close());

const stripe = openStripe(() => estate);
const takenUpTo = async (domain: IntakeDomain) =>
  (await estate.manager.consumers.info(streams.intake, `intake-${domain}`)).ack_floor.stream_seq;

const lastCase = async () => (await estate.manager.streams.info(streams.cases)).state.last_seq;

interface Told {
  flow: Flow;
  key: string;
  /** Where what was told lies. */
  last: number;
  /** Where the latest case lay by then. */
  cases: number;
}

/** Another system tells of a transaction. */
async function told(flow: Flow, key: string): Promise<Told> {
  const { state: _, ...event } = stepEvent(++nextId, 1, { flow, key, writer: 'otlp-5a-1' });
  const { seq: last } = await estate.js.publish(subjectOf(event), JSON.stringify(event));
  return { flow, key, last, cases: await lastCase() };
}

/** The message is done with, and nothing came of it: no step, no case, no claim. */
async function leftAlone({ flow, key, last, cases }: Told, domain: IntakeDomain, seq: number): Promise<void> {
  await expect.poll(() => takenUpTo(domain), { timeout: 30_000 }).toBeGreaterThanOrEqual(seq);
  expect((await readLast(estate.manager, streams.steps, subjects.step(flow, key)))?.seq).toBe(last);
  expect(await lastCase()).toBe(cases);
  const identity = await openBucket(estate.nc, buckets.identity);
  expect(await getEntry(identity, `tx.${flow}.${key}`)).toBeUndefined();
  const held = await openBucket(estate.nc, buckets.held);
  expect(await getEntry(held, String(seq))).toBeUndefined();
}

const seqOf = async (response: Response): Promise<number> => {
  expect(response.status, await response.clone().text()).toBe(200);
  return ((await response.json()) as { intake_seq: number }).intake_seq;
};

describe('of an order that another system tells of', () => {
  const flow = 'order_to_cash';
  const lines = [{ line_id: '1', sku: 'X', quantity: 1 }];

  test.each(['orders/create', 'orders/updated', 'orders/cancelled'])(
    '%s of its channel is left alone',
    async (topic) => {
      const id = ++nextId;
      const key = transactionKey('shopify-us', String(id));
      const theirs = await told(flow, key);
      const seq = await seqOf(await estate.postShopify(topic, JSON.stringify({ id, currency: 'USD' })));
      await leftAlone(theirs, 'order', seq);
    },
    60_000,
  );

  test('a parcel that its warehouse sends and its delivery are left alone', async () => {
    const key = transactionKey('shopify-us', String(++nextId));
    const theirs = await told(flow, key);
    const parcel = { event_id: randomUUID(), warehouse: 'wms-east', reference: key, shipment_id: `S-${nextId}` };
    const at = new Date().toISOString();
    const sent = { ...parcel, carrier: 'UPS', tracking_number: `1Z${nextId}`, shipped_at: at, lines };
    const seq = await seqOf(await postShipment(estate, JSON.stringify(sent)));
    await leftAlone(theirs, 'fulfilment', seq);
    const arrived = JSON.stringify({ ...parcel, delivered_at: at });
    const next = await seqOf(await postShipment(estate, arrived, { topic: 'shipment.delivered' }));
    await leftAlone(theirs, 'fulfilment', next);
  }, 60_000);

  test('a parcel that was set aside before ends as superseded once somebody replays it', async () => {
    const key = transactionKey('shopify-us', String(++nextId));
    const parcel = { event_id: randomUUID(), warehouse: 'wms-east', reference: key, shipment_id: `S-${nextId}` };
    const more = { carrier: 'UPS', tracking_number: `1Z${nextId}`, shipped_at: new Date().toISOString(), lines };
    const seq = await seqOf(await postShipment(estate, JSON.stringify({ ...parcel, ...more })));
    const message = transactionKey('wms-east', `intake-${seq}`);
    const stopped = (await estate.until(message, ({ status }) => status === 'quarantined')).at(-1);
    const { last } = await told(flow, key);
    await commandOf(estate.nc, 'case.replay', { actor, case_id: stopped?.case_id ?? '', revision: 1 });
    const ended = (await estate.until(message, ({ status }) => status === 'superseded')).at(-1);
    expect(ended?.attributes['reason']).toContain('Another system tells');
    expect((await readLast(estate.manager, streams.steps, subjects.step(flow, key)))?.seq).toBe(last);
  }, 60_000);

  test.each(['order.hold', 'order.cancel'] as const)('%s is refused, and nothing came of it', async (command) => {
    const key = transactionKey('shopify-us', String(++nextId));
    const { last } = await told(flow, key);
    const asked = commandOf(estate.nc, command, { actor, key, reason: 'asked anyway' });
    await expect(asked).rejects.toThrow('is told of by another system');
    expect((await readLast(estate.manager, streams.steps, subjects.step(flow, key)))?.seq).toBe(last);
  });

  test('goods that come back are left alone', async () => {
    const key = transactionKey('shopify-us', String(++nextId));
    const theirs = await told(flow, key);
    const returned = lines.map((line) => ({ ...line, condition: 'sellable', reason_code: 'too_small' }));
    const seq = await seqOf(await postReceipt(estate, { reference: key, lines: returned }));
    await leftAlone(theirs, 'return', seq);
  }, 60_000);
});

test('of a return that another system tells of, the goods of our own order are left alone, and no claim stays', async () => {
  const market = await openMarketplace(estate);
  const order = await market.order(`TB-${++nextId}`);
  const flow = 'return_to_refund';
  const receipt_id = `R-${++nextId}`;
  const key = transactionKey('wms-east', `return-${receipt_id}`);
  const theirs = await told(flow, key);
  const sku = estate.simulator.catalogue.active[0]?.sku;
  const lines = [{ line_id: 'L1', sku, quantity: 1, condition: 'sellable', reason_code: 'too_small' }];
  const seq = await seqOf(await postReceipt(estate, { receipt_id, reference: order, lines }));
  await leftAlone(theirs, 'return', seq);
}, 60_000);

test('a payout that another system tells of is left alone', async () => {
  const flow = 'marketplace_settlement';
  const key = transactionKey('stripe', 'payout-po_theirs');
  const theirs = await told(flow, key);
  const payout = {
    ...{ id: 'po_theirs', object: 'payout', amount: 5_000, currency: 'gbp', reconciliation_status: 'completed' },
    ...{ arrival_date: Math.floor(Date.now() / 1000), status: 'paid' },
  };
  const { intake_seq: seq } = await stripe.tell(stripeEvent('payout.paid', payout));
  await leftAlone(theirs, 'payout', seq);
}, 60_000);

test('a batch of a store’s day that another system tells of is left alone and holds up none after it', async () => {
  const flow = 'store_settlement';
  const key = transactionKey('store-batches', `store-001-${DAY}`);
  const theirs = await told(flow, key);
  const seq = await postBatch(estate, batchOf('store-001', 1));
  await leftAlone(theirs, 'store', seq);
  const next = await postBatch(estate, batchOf('store-001', 2, { business_date: '2026-03-03' }));
  await expect.poll(() => takenUpTo('store'), { timeout: 30_000 }).toBeGreaterThanOrEqual(next);
  const held = await openBucket(estate.nc, buckets.held);
  expect(await getEntry(held, String(next))).toBeUndefined();
  const day = transactionKey('store-batches', 'store-001-2026-03-03');
  await estate.until(day, ({ step }) => step === 'batch_received', flow);
}, 60_000);
