import { expect, vi } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { type StoreBatch, storeBatch } from '#contracts/v1/store.ts';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
import { admitClients } from './admit-clients.ts';
import { amazonOf, askedOften, placeAtAmazon } from './amazon.ts';
import { startEngine, type TestEngine } from './engine.ts';

const WEEK_H = 168;
const ORDERS_PER_DAY = 25;
const AMAZON_ORDERS = 4;
const STORES = 30;
const secret = 'known-to-both-sides';
/** Systems that lose answers, refuse and throttle all the week. */
const troubled = ['netsuite', 'netsuite-uk', 'stripe', 'shopify-us', 'shopify-eu', 'wms-east', 'wms-west'];

export interface TradingWeek {
  engine: TestEngine;
  /** Everything that was published, in order. */
  events: readonly StepEvent[];
  /** Batches of stores as they were taken in, each once. */
  batches: readonly StoreBatch[];
  /** When the UK company's books moved to its second ERP. */
  movedAt: string;
  /** The payout that did not agree with its orders. */
  payout: string;
  close(): Promise<void>;
}

/** The third party comes first for American orders, UK books move in the middle of the week, thirty stores trade. */
const weekEstate =
  (movedAt: string) =>
  (base: Estate): Estate => {
    const estate = askedOften()(base);
    const stores = estate.locations.filter(({ kind }) => kind === 'store');
    const every = Math.max(1, Math.floor(stores.length / STORES));
    const trading = new Set(stores.filter((_, i) => i % every === 0).slice(0, STORES));
    return {
      ...estate,
      policies: { ...estate.policies, refund_approval_above: '100000.00' },
      systems: estate.systems.map((system) =>
        'drop.poll_ms' in system.settings || 'drop.in' in system.settings
          ? { ...system, settings: { ...system.settings, 'drop.poll_ms': '50' } }
          : system,
      ),
      channels: estate.channels.map((channel) =>
        channel.id === 'web-us' ? { ...channel, locations: ['dc-3pl', 'dc-east', 'dc-west'] } : channel,
      ),
      locations: estate.locations.filter((location) => location.kind !== 'store' || trading.has(location)),
      legal_entities: estate.legal_entities.map((entity) => ({
        ...entity,
        moves: (entity.moves ?? []).map((move) => ({ ...move, from: movedAt })),
      })),
    };
  };

/**
 * A week of orders from the channels of three companies, told to systems that have trouble, while one scenario follows
 * the other, each until what it is about has been seen; then all that is under way comes to rest.
 */
export async function tradeForAWeek(options: { returns: number }): Promise<TradingWeek> {
  const movedAt = new Date(Date.now() - (WEEK_H / 2) * 3_600_000).toISOString();
  const engine = await startEngine({
    simulator: {
      catalogueSize: 5,
      traffic: {
        ordersPerDay: ORDERS_PER_DAY,
        backfillHours: WEEK_H,
        settleMs: 60_000,
        storeIntervalMs: 1_000,
        scenario: 'late-asn',
        marketplaceKey: `market.${secret}`,
        masterDataKey: `master.${secret}`,
      },
    },
    shape: weekEstate(movedAt),
  });
  await admitClients(engine, secret);
  const { traffic, conditions } = engine.simulator;
  for (const system of troubled) {
    conditions.setFault(system, 'lost_answer', 0.05);
    conditions.setFault(system, 'error', 0.04);
    conditions.setFault(system, 'throttle', 0.03);
  }
  thirdPartyOf(engine).start();
  const started = traffic.start();
  await shippedUntold(engine, 3);
  traffic.setScenario('erp-migration');
  await booked(engine, 'netsuite-uk', 3);
  await started;
  traffic.setScenario('store-offline');
  await keptBack(engine, 10);
  traffic.setScenario('price-drift');
  await driftingPrice(engine);
  traffic.setScenario('payout-mismatch');
  const payout = await misstatedPayout(engine);
  traffic.setScenario('returns-wave');
  await returned(engine, options.returns);
  await traffic.stop();
  conditions.clearFaults();
  await atRest(engine);
  return {
    engine,
    events: await everyStep(engine),
    batches: await everyBatch(engine),
    movedAt,
    payout,
    close: () => engine.close(),
  };
}

function thirdPartyOf({ simulator }: TestEngine) {
  const [thirdParty] = simulator.systems.thirdParties.values();
  if (thirdParty === undefined) throw new Error('the estate has no third party');
  return thirdParty;
}

const shippedUntold = (engine: TestEngine, wanted: number) =>
  vi.waitFor(() => {
    const orders = thirdPartyOf(engine).state()['orders'] as { status: string }[];
    expect(orders.filter(({ status }) => status === 'shipped').length).toBeGreaterThanOrEqual(wanted);
  }, 60_000);

const booked = (engine: TestEngine, erp: string, wanted: number) =>
  vi.waitFor(() => {
    const { salesOrders } = engine.simulator.state(erp)[erp] as { salesOrders: unknown[] };
    expect(salesOrders.length).toBeGreaterThanOrEqual(wanted);
  }, 90_000);

const keptBack = (engine: TestEngine, wanted: number) =>
  vi.waitFor(() => {
    const { kept } = engine.simulator.traffic.status()['stores'] as { kept: number };
    expect(kept).toBeGreaterThanOrEqual(wanted);
  }, 60_000);

/** A price that the shop changes when it is set. */
async function driftingPrice(engine: TestEngine): Promise<void> {
  const sku = engine.simulator.catalogue.active[0]?.sku ?? '';
  const version = Date.now();
  const body = JSON.stringify({ amount: '24.37', currency: 'USD', starts_at: '2026-01-01T00:00:00.000Z', version });
  const headers = { authorization: `Bearer master.${secret}`, 'content-type': 'application/json' };
  const put = () => fetch(`${engine.intakeUrl}/v1/prices/web-us/${sku}`, { method: 'PUT', headers, body });
  await vi.waitFor(async () => expect((await put()).status).toBeLessThan(300), 20_000);
  const key = transactionKey('netsuite', `price-web-us-${sku}-${version}`);
  await engine.until(key, ({ status }) => status === 'quarantined', 'price_publication');
}

/** Amazon pays too little for one order, and for one that nobody knows. @returns the payout's number. */
async function misstatedPayout(engine: TestEngine): Promise<string> {
  for (let i = 0; i < AMAZON_ORDERS; i++) {
    const { key } = placeAtAmazon(engine.simulator, 47_001 + i);
    await engine.until(key, ({ step, status }) => step === 'channel_fulfilment' && status === 'completed');
  }
  const payout = await amazonOf(engine.simulator).payOut();
  if (payout === undefined) throw new Error('Amazon had nothing to pay');
  const key = transactionKey('amazon', `payout-${payout}`);
  await engine.until(key, ({ step }) => step === 'close_payout', 'marketplace_settlement');
  return payout;
}

/** Until so many returns have come to their end. */
async function returned(engine: TestEngine, wanted: number): Promise<void> {
  const flow: Flow = 'return_to_refund';
  const consumer = await engine.js.consumers.get(streams.steps, { filter_subjects: `steps.*.${flow}.*` });
  const messages = await consumer.consume();
  const over = new Set<string>();
  for await (const message of messages) {
    const { key, step, status } = message.json<StepEvent>();
    if (step === 'close' && status === 'completed') over.add(key);
    if (over.size === wanted) break;
  }
  messages.stop();
}

/** Until no call is queued or waits for a retry, and nothing has been said meanwhile. */
async function atRest(engine: TestEngine): Promise<void> {
  const waiting = await openBucket(engine.nc, buckets.waiting);
  const said = async () => (await engine.manager.streams.info(streams.steps)).state.last_seq;
  let last = -1;
  await vi.waitFor(
    async () => {
      const before = last;
      last = await said();
      const queued = (await engine.manager.streams.info(streams.work)).state.messages;
      const retries = (await keysOf(waiting)).length;
      expect({ queued, retries, said: last - before }).toEqual({ queued: 0, retries: 0, said: 0 });
    },
    { timeout: 120_000, interval: 2_000 },
  );
}

/** Every message of a stream, of a subject where one is given. */
async function everyMessage<T>(engine: TestEngine, stream: string, filter: string, read: (text: string) => T) {
  const { state } = await engine.manager.streams.info(stream, { subjects_filter: filter });
  const count = Object.values(state.subjects ?? {}).reduce((sum, n) => sum + n, 0);
  const found: T[] = [];
  if (count === 0) return found;
  const consumer = await engine.js.consumers.get(stream, { filter_subjects: filter });
  const messages = await consumer.consume();
  for await (const message of messages) {
    found.push(read(message.string()));
    if (found.length === count) break;
  }
  messages.stop();
  return found;
}

const everyStep = (engine: TestEngine) =>
  everyMessage(engine, streams.steps, 'steps.>', (text) => JSON.parse(text) as StepEvent);

/** As the back office took them in, those that were sent twice once. */
async function everyBatch(engine: TestEngine): Promise<StoreBatch[]> {
  const filter = subjects.intake('store', '*', '*');
  const batches = await everyMessage(engine, streams.intake, filter, (text) => storeBatch.parse(JSON.parse(text)));
  return [...new Map(batches.map((batch) => [`${batch.store} ${batch.sequence}`, batch])).values()];
}
