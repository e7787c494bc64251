import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, streams } from '#contracts/v1/subjects.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { Decimal, fromMinorUnits, sumAmounts } from '#sync-engine/money.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

/**
 * A week of orders from three channels of three companies, told to systems that lose answers, refuse and throttle, and
 * then sent back in part. What was captured, invoiced, refunded and credited is added up twice: from the raw events, and
 * from what each simulated system holds.
 */
const WEEK_H = 168;
const ORDERS_PER_DAY = 25;
const RETURNS = 8;
const secret = 'known-to-both-sides';
const troubled = ['netsuite', 'stripe', 'shopify-us', 'shopify-eu', 'wms-east', 'wms-west'];

interface Document {
  externalId: string;
  total: number;
  subsidiary: string;
  currency: string;
}
interface Books {
  salesOrders: (Document & { cancelled: boolean })[];
  invoices: Document[];
  creditMemos: Document[];
  double_invoices_refused: number;
}
interface ShopOrder {
  authorised: string | null;
  captured: string;
  refunded: string;
  refused_captures: number;
  id: string;
}

let engine: TestEngine;
let events: StepEvent[];
beforeAll(async () => {
  engine = await startEngine({
    simulator: {
      catalogueSize: 5,
      traffic: {
        ordersPerDay: ORDERS_PER_DAY,
        backfillHours: WEEK_H,
        settleMs: 60_000,
        storeIntervalMs: 3_600_000,
        scenario: 'returns-wave',
        marketplaceKey: `market.${secret}`,
        masterDataKey: `master.${secret}`,
      },
    },
    estate: (estate) => ({ ...estate, policies: { ...estate.policies, refund_approval_above: '100000.00' } }),
  });
  const kv = await openBucket(engine.nc, buckets.apiClients);
  const client = { quota_per_minute: 100_000, secret };
  await createApiClient(
    kv,
    {
      ...client,
      id: 'master',
      name: 'Master',
      system: 'netsuite',
      scopes: ['mappings.write', 'prices.write', 'products.write'],
    },
    new Date(),
  );
  await createApiClient(
    kv,
    { ...client, id: 'market', name: 'Market', system: 'marketplace', scopes: ['orders.write', 'returns.write'] },
    new Date(),
  );
  for (const system of troubled) {
    engine.simulator.conditions.setFault(system, 'lost_answer', 0.05);
    engine.simulator.conditions.setFault(system, 'error', 0.04);
    engine.simulator.conditions.setFault(system, 'throttle', 0.03);
  }
  await engine.simulator.traffic.start();
  await returned(RETURNS);
  await engine.simulator.traffic.stop();
  engine.simulator.conditions.clearFaults();
  await atRest();
  events = await everyStep();
}, 300_000);
afterAll(() => engine.close());

/** Until so many returns have come to their end. */
async function returned(wanted: number): Promise<void> {
  const consumer = await engine.js.consumers.get(streams.steps, { filter_subjects: 'steps.*.return_to_refund.*' });
  const messages = await consumer.consume();
  const over = new Set<string>();
  for await (const message of messages) {
    const { key, step, status } = message.json<StepEvent>();
    if (step === 'close' && status === 'completed') over.add(key);
    if (over.size === wanted) break;
  }
  messages.stop();
}

/** Everything the engine has said. */
async function everyStep(): Promise<StepEvent[]> {
  const { last_seq } = (await engine.manager.streams.info(streams.steps)).state;
  const consumer = await engine.js.consumers.get(streams.steps);
  const messages = await consumer.consume();
  const read: StepEvent[] = [];
  for await (const message of messages) {
    read.push(message.json<StepEvent>());
    if (message.seq >= last_seq) break;
  }
  messages.stop();
  return read;
}

/** Until no call is queued or waits for a retry, and nothing has been said meanwhile. */
async function atRest(): Promise<void> {
  const waiting = await openBucket(engine.nc, buckets.waiting);
  const said = async () => (await engine.manager.streams.info(streams.steps)).state.last_seq;
  let last = -1;
  await vi.waitFor(
    async () => {
      const before = last;
      last = await said();
      const queued = (await engine.manager.streams.info(streams.work)).state.messages;
      let retries = 0;
      for await (const _ of await waiting.keys()) retries++;
      expect({ queued, retries, said: last - before }).toEqual({ queued: 0, retries: 0, said: 0 });
    },
    { timeout: 120_000, interval: 2_000 },
  );
}

const books = () => engine.simulator.state('netsuite')['netsuite'] as unknown as Books;
const shop = (id: string) => (engine.simulator.state(id)[id] as unknown as { orders: ShopOrder[] }).orders;
const stripe = () =>
  engine.simulator.state('stripe')['stripe'] as unknown as {
    intents: { currency: string; captured: number; refused_captures: number }[];
    refunds: { currency: string; amount: number }[];
    refused_refunds: number;
  };
const done = (flow: string, step: string) =>
  events.filter((event) => event.flow === flow && event.step === step && event.status === 'completed');

/** Sums by group, to the last digit. */
function sums<T>(items: readonly T[], groupOf: (item: T) => string, amountOf: (item: T) => string) {
  const groups = new Map<string, string[]>();
  for (const item of items) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), amountOf(item)]);
  return Object.fromEntries(
    [...groups].map(([group, amounts]) => [group, new Decimal(sumAmounts(amounts)).toFixed(2)]),
  );
}
const entityOf = (subsidiary: string) =>
  engine.estate.legal_entities.find(({ erp_subsidiary }) => erp_subsidiary === subsidiary)?.id ?? subsidiary;
const byEntity = ({ subsidiary, currency }: Document) => `${entityOf(subsidiary)} ${currency}`;
const total = ({ total: amount }: Document) => amount.toFixed(2);
const byChannel = ({ channel }: StepEvent) => channel;

describe('after a week of lost answers', () => {
  test('there were orders in every company and currency', () => {
    expect(
      Object.keys(
        sums(
          done('order_to_cash', 'erp_post_invoice'),
          (event) => `${event.legal_entity} ${event.currency}`,
          (event) => event.amount,
        ),
      ).sort(),
    ).toEqual(['eu-retail EUR', 'uk-retail GBP', 'us-retail USD']);
  });

  test('the books hold what was invoiced, by company and currency, each order once', () => {
    const { salesOrders, invoices, double_invoices_refused } = books();
    const told = sums(
      done('order_to_cash', 'erp_post_invoice'),
      (event) => `${event.legal_entity} ${event.currency}`,
      (event) => event.amount,
    );
    expect(sums(invoices, byEntity, total)).toEqual(told);
    for (const documents of [salesOrders, invoices])
      expect(new Set(documents.map(({ externalId }) => externalId)).size).toBe(documents.length);
    expect(double_invoices_refused).toBe(0);
  });

  test('each channel’s customers paid what was captured, and for every settled order exactly what they had agreed to', () => {
    const told = sums(done('order_to_cash', 'capture_payment'), byChannel, (event) => event.amount);
    const taken = {
      'web-us': sumAmounts(shop('shopify-us').map(({ captured }) => captured)),
      'web-eu': sumAmounts(shop('shopify-eu').map(({ captured }) => captured)),
      marketplace: sumAmounts(stripe().intents.map(({ captured }) => fromMinorUnits(String(captured), 'GBP'))),
    };
    expect(
      sums(
        Object.entries(taken),
        ([channel]) => channel,
        ([, amount]) => amount,
      ),
    ).toEqual(told);
    const settled = new Set(done('order_to_cash', 'settle').map(({ key }) => key));
    for (const id of ['shopify-us', 'shopify-eu'])
      for (const order of shop(id)) {
        expect(order.refused_captures).toBe(0);
        if (settled.has(`${id}==${order.id}`)) expect(order.captured).toBe(order.authorised ?? '0.00');
      }
  });

  test('what went back to customers is what was credited, by company and currency', () => {
    const closed = done('return_to_refund', 'close');
    expect(closed.length).toBeGreaterThanOrEqual(RETURNS);
    const credited = sums(books().creditMemos, byEntity, total);
    const told = sums(
      done('return_to_refund', 'erp_post_credit'),
      (event) => `${event.legal_entity} ${event.currency}`,
      (event) => event.amount,
    );
    expect(credited).toEqual(told);
    const back = {
      'us-retail USD': sumAmounts(shop('shopify-us').map(({ refunded }) => refunded)),
      'eu-retail EUR': sumAmounts(shop('shopify-eu').map(({ refunded }) => refunded)),
      'uk-retail GBP': sumAmounts(stripe().refunds.map(({ amount }) => fromMinorUnits(String(amount), 'GBP'))),
    };
    for (const [group, amount] of Object.entries(back))
      expect(new Decimal(amount).toFixed(2)).toBe(credited[group] ?? '0.00');
    expect(stripe().refused_refunds).toBe(0);
  });
});
