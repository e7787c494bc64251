import { rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { createLog, type Log, silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { shopifyWebhook } from '#simulator/shopify-webhook.ts';
import type { Simulator, SimulatorOptions } from '#simulator/create-simulator.ts';
import { locationCode } from '#simulator/vendors/rest-wms/contract.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { createEngine, type Engine, type EngineOptions } from '#sync-engine/engine.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { startNats, type TestNats } from './nats.ts';
import { startSimulator, testEstate, testSecret } from './simulator.ts';

export interface TestEngine {
  nats: TestNats;
  nc: NatsConnection;
  js: JetStreamClient;
  manager: JetStreamManager;
  estate: Estate;
  simulator: Simulator;
  engine: Engine;
  intakeUrl: string;
  log: Log;
  /** Places a Shopify order in the simulated shop and posts its webhook. @returns the transaction's key. */
  placeOrder(draft: Partial<OrderDraft> & { id: number }, posting?: { webhookId?: string }): Promise<string>;
  /** Posts a webhook of the US shop. */
  postShopify(topic: string, body: string, webhookId?: string): Promise<Response>;
  events(key: string, flow?: Flow): Promise<StepEvent[]>;
  /** Resolves with the transaction's events once one of them matches. */
  until(key: string, matches: (event: StepEvent) => boolean, flow?: Flow): Promise<StepEvent[]>;
  /** Ends the engine and starts another one on what it kept, at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const secrets = (setting: string): string => (setting.startsWith('env:') ? testSecret(setting.slice(4)) : setting);

/** A tax of the simulated estate that NetSuite knows. */
export const mappedTax = { title: mappedTaxes[0]?.title ?? '', ratePpm: mappedTaxes[0]?.ratePpm ?? 0 };

/** NATS, the simulated estate and one engine on free ports, with master data and plenty of stock. */
export async function startEngine(
  options: {
    simulator?: Partial<SimulatorOptions>;
    /** What the engine alone is told of the estate. */
    estate?: (estate: Estate) => Estate;
    /** What the estate is like on both sides. */
    shape?: (estate: Estate) => Estate;
    engine?: Partial<EngineOptions>;
    /** Secrets of a test's own, by setting. */
    secrets?: (setting: string) => string | undefined;
    verbose?: boolean;
  } = {},
): Promise<TestEngine> {
  const nats = await startNats();
  const log = options.verbose === true ? createLog({ service: 'test', level: 'debug' }) : silentLog;
  const nc = await connectNats({ url: nats.url, name: 'test', log });
  const { shape = (estate: Estate) => estate } = options;
  const simulator = await startSimulator({ log, ...options.simulator }, shape);
  const base = shape(testEstate(simulator));
  const estate = options.estate?.(base) ?? base;
  const open = () =>
    createEngine({
      nc,
      estate,
      secrets: (setting) => options.secrets?.(setting) ?? secrets(setting),
      log,
      metrics: createMetrics('test', { defaults: false }),
      ...options.engine,
    });
  let engine = await open();
  const port = await engine.intake.listen({ port: 0 });
  const intakeUrl = `http://127.0.0.1:${port}`;
  simulator.intake.setUrl(intakeUrl);
  await fillMasterData(nc, estate, simulator);
  const js = jetstream(nc);
  const manager = await jetstreamManager(nc);
  const shopDomain = estate.systems.find(({ id }) => id === 'shopify-us')?.settings['shop_domain'] ?? '';

  const postShopify: TestEngine['postShopify'] = (topic, body, webhookId = randomUUID()) => {
    const delivery = shopifyWebhook({
      topic,
      shop: shopDomain,
      secret: testSecret('SHOPIFY_US_SECRET'),
      body,
      triggeredAt: new Date(),
      webhookId,
    });
    return fetch(`${intakeUrl}${delivery.path}`, { method: 'POST', headers: delivery.headers, body });
  };
  const events: TestEngine['events'] = async (key, flow = 'order_to_cash') =>
    (await readSubject(js, manager, streams.steps, subjects.step(flow, key))).map((message) =>
      message.json<StepEvent>(),
    );

  return {
    nats,
    nc,
    js,
    manager,
    estate,
    simulator,
    get engine() {
      return engine;
    },
    intakeUrl,
    log,
    postShopify,
    events,
    placeOrder: async (draft, posting = {}) => {
      const body = JSON.stringify(buildShopifyOrder(orderDraft(simulator, draft), shopDomain));
      simulator.placeOrder('shopify-us', body);
      const response = await postShopify('orders/create', body, posting.webhookId);
      if (response.status !== 200) throw new Error(`intake answered ${response.status}: ${await response.text()}`);
      return transactionKey('shopify-us', String(draft.id));
    },
    until: async (key, matches, flow = 'order_to_cash') => {
      const consumer = await js.consumers.get(streams.steps, { filter_subjects: subjects.step(flow, key) });
      const messages = await consumer.consume();
      for await (const message of messages) if (matches(message.json<StepEvent>())) break;
      messages.stop();
      return events(key, flow);
    },
    restart: async () => {
      await engine.close();
      engine = await open();
      await engine.intake.listen({ port });
    },
    close: async () => {
      await simulator.close();
      await engine.close();
      // The engine looked into its folders until now.
      rmSync(simulator.ediDir, { recursive: true, force: true });
      await nc.close();
      await nats.close();
    },
  };
}

/** An order of two units of one item and one of another, unless the draft says otherwise. */
export function orderDraft(
  simulator: Pick<Simulator, 'catalogue'>,
  draft: Partial<OrderDraft> & { id: number },
): OrderDraft {
  const [first, second] = simulator.catalogue.active;
  if (first === undefined || second === undefined) throw new Error('the catalogue is empty');
  const line = (item: typeof first, id: number, quantity: number) => ({
    id,
    sku: item.sku,
    title: item.title,
    vendor: item.brand,
    productId: null,
    variantId: null,
    grams: 400,
    quantity,
    unitCents: 1999,
    discounts: [],
    taxes: [{ ...mappedTax, cents: Math.round((1999 * quantity * mappedTax.ratePpm) / 1_000_000) }],
    requiresShipping: true,
    giftCard: false,
  });
  return {
    number: draft.id % 100_000,
    currency: 'USD',
    taxesIncluded: false,
    placedAt: new Date(Date.now() - 5_000),
    customer: {
      id: 70_001,
      firstName: 'Test',
      lastName: 'Customer',
      email: 'test.customer@example.com',
      phone: null,
      address: {
        line1: '1 Test Street',
        city: 'New York',
        province: 'New York',
        provinceCode: 'NY',
        zip: '10003',
        country: 'United States',
        countryCode: 'US',
      },
    },
    lines: [line(first, draft.id * 10 + 1, 2), line(second, draft.id * 10 + 2, 1)],
    shipping: [{ id: draft.id * 10 + 3, title: 'Standard shipping', code: 'STANDARD', cents: 595, taxes: [] }],
    discountCodes: [],
    giftCents: 0,
    test: false,
    ...draft,
  };
}

/** Mappings, products and stock as the channel API would have brought them. */
async function fillMasterData(nc: NatsConnection, estate: Estate, simulator: Simulator): Promise<void> {
  const master = await createMasterData(nc, silentLog);
  const at = new Date().toISOString();
  const changed = { changed_by: 'test', changed_at: at, reason: 'test' };
  for (const tax of mappedTaxes)
    await master.putMapping({ kind: 'tax_code', system: 'netsuite', code: tax.title, target: tax.erpCode, ...changed });
  for (const { wms, id } of estate.locations)
    if (wms !== undefined)
      for (const code of [id, locationCode(id)])
        await master.putMapping({ kind: 'location', system: wms, code, target: id, ...changed });
  const items = [...simulator.catalogue.active.slice(0, 5), ...simulator.catalogue.inactive.slice(0, 1)];
  const stock = createStockClient(nc, estate);
  for (const item of items) {
    const active = simulator.catalogue.active.includes(item);
    await master.putProduct({
      schema_version: 1,
      sku: item.sku,
      title: item.title,
      active,
      brand: 'northwind',
      unit_of_measure: 'EA',
      updated_at: at,
    });
    if (!active) continue;
    for (const location of ['dc-east', 'dc-west']) {
      await stock.change({
        schema_version: 1,
        change_id: `initial-${item.sku}-${location}`,
        source: 'wms-east',
        sku: item.sku,
        location,
        reason: 'count',
        quantity: 100_000,
        version: 1,
        occurred_at: at,
      });
    }
  }
  master.stop();
}
