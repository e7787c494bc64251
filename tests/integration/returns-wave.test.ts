import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, streams } from '#contracts/v1/subjects.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { locationCode } from '#simulator/vendors/rest-wms/contract.ts';
import { fromMinorUnits, sumAmounts } from '#sync-engine/money.ts';
import { amazonOf, askedOften, placeAtAmazon } from '../support/amazon.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { ledgers, marketPayment, openMarketplace } from '../support/returns.ts';

const SHOP_ORDERS = 5;
// Their goods come back as parcels, of which every fifth says no reason; what a shop refunds by hand has none.
const MARKET_ORDERS = 4;
const AMAZON_ORDERS = 1;
const ORDERS = SHOP_ORDERS + MARKET_ORDERS + AMAZON_ORDERS;
const secret = 'known-to-both-sides';
let engine: TestEngine;
beforeAll(async () => {
  // As many items as the master data of a test has, and nobody who buys.
  const traffic = {
    ordersPerDay: 0,
    storeIntervalMs: 3_600_000,
    scenario: 'returns-wave',
    marketplaceKey: `market.${secret}`,
    masterDataKey: `master.${secret}`,
  };
  engine = await startEngine({
    simulator: { catalogueSize: 5, traffic },
    estate: (estate) =>
      askedOften()({ ...estate, policies: { ...estate.policies, refund_approval_above: '100000.00' } }),
  });
  amazonOf(engine.simulator).setSettled(0);
}, 60_000);
afterAll(() => engine.close());

test('a wave of returns is refunded and credited to the cent, and what says no reason is a case', async () => {
  // Reason codes are put by the estate itself; its building goes by a name that the engine must learn.
  const scopes = ['mappings.write' as const, 'prices.write' as const];
  const client = { id: 'master', name: 'Master data', scopes, quota_per_minute: 10_000, system: 'netsuite', secret };
  await createApiClient(await openBucket(engine.nc, buckets.apiClients), client, new Date());
  const market = await openMarketplace(engine, { secret });
  const actor = { id: 'sam', roles: ['support' as const] };
  const building = { kind: 'location' as const, system: 'wms-east', code: locationCode('dc-east'), target: 'dc-east' };
  await commandOf(engine.nc, 'mapping.put', { ...building, actor, reason: 'test' });
  const place = (system: string, external_id: string) =>
    engine.simulator.book.place({
      system,
      external_id,
      number: external_id,
      placed_at: new Date().toISOString(),
      origin: 'simulated',
    });
  const ids = Array.from({ length: SHOP_ORDERS }, (_, i) => 93_001 + i);
  for (const id of ids) {
    place('shopify-us', String(id));
    const key = await engine.placeOrder({ id });
    await engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
  }
  const marketIds = Array.from({ length: MARKET_ORDERS }, (_, i) => `HM-${94_001 + i}`);
  for (const id of marketIds) {
    place('marketplace', id);
    await market.order(id);
  }
  for (let i = 0; i < AMAZON_ORDERS; i++) {
    const { key } = placeAtAmazon(engine.simulator, 95_001 + i);
    await engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
  }
  await engine.simulator.traffic.start();

  const last = new Map<string, StepEvent>();
  const isOver = ({ step, status }: StepEvent) => step === 'close' || status === 'quarantined';
  const consumer = await engine.js.consumers.get(streams.steps, { filter_subjects: 'steps.*.return_to_refund.*' });
  const messages = await consumer.consume();
  for await (const message of messages) {
    const event = message.json<StepEvent>();
    last.set(event.key, event);
    // A return whose parcel says no reason goes on waiting; the parcel's message is what stops.
    if ([...last.values()].filter(isOver).length === ORDERS) break;
  }
  messages.stop();

  const stopped = [...last.values()].filter(({ status }) => status === 'quarantined');
  expect(new Set(stopped.map(({ error_code }) => error_code))).toEqual(new Set(['missing_reason_code']));
  const closed = [...last.values()].filter(({ step }) => step === 'close');
  expect(closed.length).toBeGreaterThan(0);
  const books = ledgers(engine);
  for (const { key, amount } of closed)
    expect(books.creditsOf(key).map(({ total }) => total.toFixed(2))).toEqual([amount]);
  const credited = (channel: string) =>
    sumAmounts(closed.filter((event) => event.channel === channel).map(({ amount }) => amount));
  const refunded = ids.flatMap((id) => {
    const order = books.shopOrder(String(id));
    expect(Number(order?.refunded)).toBeLessThanOrEqual(Number(order?.captured));
    return order?.refunded ?? [];
  });
  expect(credited('web-us')).toBe(sumAmounts(refunded));
  const byStripe = marketIds.flatMap((id) => books.refundsOf(marketPayment(id)));
  expect(credited('marketplace')).toBe(sumAmounts(byStripe.map(({ amount }) => fromMinorUnits(String(amount), 'GBP'))));
}, 120_000);
