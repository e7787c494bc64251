import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import nodemailer from 'nodemailer';
import { channelOrder } from '#contracts/v1/channel-api.ts';
import { seedEngine } from '#simulator/catalogue/seed.ts';
import type { Simulator, SimulatorOptions } from '#simulator/create-simulator.ts';
import { signShopify, signWms } from '#simulator/sign.ts';
import { silentLog } from '#platform/log.ts';
import { type Recorded, type RecordingIntake, startRecordingIntake } from '#tests/support/recording-intake.ts';
import { startSimulator, testEstate, testSecret } from '#tests/support/simulator.ts';
import { callVendor, valueAt } from '#tests/support/vendor-call.ts';

let intake: RecordingIntake;
let folder: string;
const open: Simulator[] = [];
beforeEach(async () => {
  intake = await startRecordingIntake();
  folder = mkdtempSync(join(tmpdir(), 'syncline-simulator-'));
});
afterEach(async () => {
  for (const simulator of open.splice(0)) await simulator.close();
  await intake.close();
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ intakeUrl: intake.url, catalogueSize: 200, ...options });
  open.push(simulator);
  return simulator;
}

const topic = (name: string) => (message: Recorded) =>
  message.headers['x-wms-topic'] === name || message.headers['x-shopify-topic'] === name;
const auth = { authorization: `Bearer ${testSecret('WMS_EAST_TOKEN')}` };
const release = (simulator: Simulator, reference: string, quantity = 1) =>
  callVendor(`${simulator.url}/wms-east/orders/${encodeURIComponent(reference)}`, 'PUT', auth, {
    order_number: '#1',
    lines: [{ line_id: '11', sku: 'NL-A', quantity }],
  });

describe('a simulated warehouse', () => {
  it('ships and delivers a release once, and tells the engine in that order, signed', async () => {
    const simulator = await start();
    const first = await release(simulator, 'shopify-us==1');
    const again = await release(simulator, 'shopify-us==1');
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.at('warehouse_order_id')).toBe(first.at('warehouse_order_id'));
    expect((await release(simulator, 'shopify-us==1', 2)).at('error.code')).toBe('content_differs');
    await intake.waitFor(1, topic('shipment.delivered'));
    expect(intake.received.map(({ headers }) => headers['x-wms-topic'])).toEqual([
      'shipment.confirmed',
      'shipment.delivered',
    ]);
    const [confirmed] = intake.received;
    expect(confirmed?.path).toBe('/intake/wms');
    expect(confirmed?.headers).toMatchObject({
      'x-wms-warehouse': 'wms-east',
      'x-wms-signature': signWms(confirmed?.body ?? '', testSecret('WMS_EAST_SECRET')),
    });
    expect(JSON.parse(confirmed?.body ?? '')).toMatchObject({
      reference: 'shopify-us==1',
      warehouse: 'wms-east',
      lines: [{ line_id: '11', sku: 'NL-A', quantity: 1 }],
    });
    const cancel = await callVendor(`${simulator.url}/wms-east/orders/shopify-us==1/cancel`, 'POST', auth, {});
    expect([cancel.status, cancel.at('error.code')]).toEqual([409, 'already_shipped']);
  });

  it('repeats an event until the engine accepts it', async () => {
    const simulator = await start();
    intake.refuse(503, 2);
    await release(simulator, 'shopify-us==2');
    const [confirmed] = await intake.waitFor(1, topic('shipment.confirmed'));
    expect(valueAt(JSON.parse(confirmed?.body ?? ''), 'reference')).toBe('shopify-us==2');
    expect(simulator.intake.counts().repeated).toBe(2);
  });

  it('cancels a release that has not left and then ships nothing', async () => {
    const simulator = await start({ pace: { shipAfterMs: [60_000, 60_000], deliverAfterMs: [0, 0], splitShare: 0 } });
    await release(simulator, 'shopify-us==3');
    const cancel = () => callVendor(`${simulator.url}/wms-east/orders/shopify-us==3/cancel`, 'POST', auth, {});
    expect([(await cancel()).at('status'), (await cancel()).status]).toEqual(['cancelled', 200]);
    expect(simulator.state('wms-east')['wms-east']).toMatchObject({ pending_events: 0 });
  });

  it('remembers over a restart what it still has to tell', async () => {
    const late = { shipAfterMs: [300, 300], deliverAfterMs: [0, 0], splitShare: 0 } as const;
    const before = await start({ dataDir: folder, pace: late });
    await release(before, 'shopify-us==4');
    await before.close();
    open.splice(0);
    const after = await start({ dataDir: folder });
    await intake.waitFor(1, topic('shipment.delivered'));
    expect(after.summary().systems['wms-east']).toMatchObject({ releases: 1, shipments: 1 });
  });
});

describe('simulated customers', () => {
  const options = { ordersPerDay: 2_000, marketplaceKey: 'marketplace.secret' };

  it('push a day of history through the intake, oldest first, then shop on', async () => {
    const simulator = await start({ traffic: { ...options, ordersPerDay: 600, backfillHours: 24, settleMs: 0 } });
    await simulator.traffic.start();
    const created = intake.received.filter(topic('orders/create'));
    expect(created.length).toBeGreaterThan(200);
    for (const { body, headers } of created) {
      const shop = headers['x-shopify-shop-domain'];
      const secret = shop === 'northwind-lane-us.myshopify.com' ? 'SHOPIFY_US_SECRET' : 'SHOPIFY_EU_SECRET';
      expect(headers['x-shopify-hmac-sha256']).toBe(signShopify(body, testSecret(secret)));
      expect(headers['x-syncline-origin']).toBe('backfill');
    }
    const orders = intake.received.filter(({ path }) => path === '/v1/orders');
    expect(orders.length).toBeGreaterThan(50);
    for (const { body, headers } of orders) {
      expect(channelOrder.safeParse(JSON.parse(body)).error).toBeUndefined();
      expect(headers.authorization).toBe('Bearer marketplace.secret');
    }
    expect(simulator.traffic.status()).toMatchObject({ phase: 'live' });
  });

  it('ship in the past what was ordered in the past', async () => {
    const simulator = await start();
    const placed_at = new Date(Date.now() - 20 * 3_600_000).toISOString();
    simulator.book.place({ system: 'shopify-us', external_id: '77', number: '#77', placed_at, origin: 'backfill' });
    await release(simulator, 'shopify-us==77');
    const [delivered] = await intake.waitFor(1, topic('shipment.delivered'));
    const at = Date.parse(String(valueAt(JSON.parse(delivered?.body ?? ''), 'delivered_at')));
    expect(at).toBeGreaterThan(Date.parse(placed_at));
    expect(at).toBeLessThan(Date.now());
    expect(delivered?.headers['x-syncline-origin']).toBe('backfill');
  });

  it('rush for one item in a flash sale', async () => {
    const simulator = await start({ traffic: { ordersPerDay: 0, scenario: 'flash-sale' } });
    await simulator.traffic.start();
    const orders = await intake.waitFor(10, topic('orders/create'));
    const skus = orders.map(({ body }) => valueAt(JSON.parse(body), 'line_items.0.sku'));
    expect(new Set(skus)).toEqual(new Set([simulator.catalogue.active[0]?.sku]));
  });

  it('bring an unmapped tax and close the ERP when a scenario says so', async () => {
    const simulator = await start({ traffic: { ordersPerDay: 864_000 } });
    await simulator.traffic.start();
    expect(simulator.traffic.setScenario('no-such')).toBe(false);
    simulator.traffic.setScenario('unmapped-tax-code');
    await intake.waitFor(1, ({ body }) => /Greenfield Transit District Tax|EU Textile Recycling Levy/.test(body));
    simulator.traffic.setScenario('erp-maintenance', 30);
    expect(simulator.conditions.maintenanceLeft('netsuite')).toBeGreaterThan(25_000);
    simulator.traffic.setScenario('normal');
    expect(simulator.conditions.maintenanceLeft('netsuite')).toBe(0);
  });
});

describe('the simulated mail server', () => {
  it('counts messages by their ids', async () => {
    const simulator = await start();
    const url = new URL(simulator.smtpUrl);
    const transport = nodemailer.createTransport({
      host: url.hostname,
      port: Number(url.port),
      secure: false,
      ignoreTLS: true,
    });
    const mail = {
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 'Shipped',
      text: 'x',
      messageId: '<one@example.com>',
    };
    await transport.sendMail(mail);
    await transport.sendMail(mail);
    transport.close();
    expect(simulator.summary().systems['mail']).toMatchObject({ messages: 1, repeats: 1 });
  });
});

it('hands mappings, products and stock over through the public API', async () => {
  const simulator = await start({ catalogueSize: 20 });
  const stopping = new AbortController();
  // Nobody here answers availability: handing over is what is looked at.
  const seeding = seedEngine({
    estate: testEstate(),
    catalogue: simulator.catalogue,
    intake: simulator.intake,
    apiKey: 'master-data.secret',
    seed: 'test',
    log: silentLog,
    signal: stopping.signal,
  });
  await intake.waitFor(1, ({ path }) => path.startsWith('/v1/availability'));
  stopping.abort();
  await seeding;
  const count = (prefix: string) => intake.received.filter(({ path }) => path.startsWith(prefix)).length;
  expect(count('/v1/products/')).toBe(20);
  expect(count('/v1/stock/dc-')).toBe(60);
  expect(count('/v1/mappings/tax_code/')).toBeGreaterThan(20);
  // Three warehouses, and the three stores with an order desk.
  expect(count('/v1/mappings/location/')).toBe(6);
});
