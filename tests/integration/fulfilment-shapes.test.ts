import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { requestCommand } from '#platform/nats/service.ts';
import type { ShippingPace } from '#simulator/pace.ts';
import { createStockClient, type StockClient } from '#sync-engine/stock/client.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { postShipment } from '../support/warehouse.ts';

const operator = { id: 'olivia', roles: ['operations' as const] };
const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';
const waitsForStock = ({ step, attributes }: StepEvent) =>
  (step === 'reserve_stock' || step === 'reallocate') && attributes['backordered_units'] !== undefined;
/** Nothing leaves while a test looks, unless it says so. */
const patient: ShippingPace = { shipAfterMs: [3_600_000, 3_600_000], deliverAfterMs: [100, 200], splitShare: 0 };
const quick: ShippingPace = { shipAfterMs: [50, 150], deliverAfterMs: [50, 150], splitShare: 0 };

interface Release {
  reference: string;
  status: string;
  lines: { line_id: string; sku: string; quantity: number }[];
}

let nextId = 31_000;
const newId = () => ++nextId;
let version = Date.now();

const start = (pace: ShippingPace, terms = { split_shipments: true, backorders: true }) =>
  startEngine({
    simulator: { pace },
    estate: (estate) => ({
      ...estate,
      channels: estate.channels.map((channel) => (channel.id === 'web-us' ? { ...channel, ...terms } : channel)),
    }),
  });

function shelvesOf(estate: TestEngine) {
  const stock: StockClient = createStockClient(estate.nc, estate.estate);
  const [first, second] = estate.simulator.catalogue.active;
  if (first === undefined || second === undefined) throw new Error('the catalogue is empty');
  return {
    stock,
    first: first.sku,
    second: second.sku,
    /** The places that hold something of a SKU; every other one is empty. */
    holds: async (sku: string, held: Record<string, number>) => {
      for (const { id: location } of estate.estate.locations.filter(({ wms }) => wms !== undefined))
        await stock.change({
          ...{ schema_version: 1, change_id: randomUUID(), source: 'wms-test', sku, location, reason: 'count' },
          ...{ quantity: held[location] ?? 0, version: ++version, occurred_at: new Date().toISOString() },
        });
    },
    reserved: async (...skus: string[]) =>
      (await stock.positions(skus)).reduce((sum, position) => sum + position.reserved, 0),
  };
}

const releases = (estate: TestEngine, warehouse: string): Release[] =>
  (estate.simulator.state(warehouse)[warehouse] as { releases: Release[] }).releases;
const captured = (estate: TestEngine, id: number) => {
  const shop = estate.simulator.state('shopify-us')['shopify-us'] as {
    orders: { id: string; authorised: string; captures: string[] }[];
  };
  const order = shop.orders.find((candidate) => candidate.id === String(id));
  const cents = (amount: string) => Math.round(Number(amount) * 100);
  return {
    authorised: cents(order?.authorised ?? 'NaN'),
    captures: (order?.captures ?? []).map(cents),
  };
};

describe('an order that no location can fill', () => {
  let estate: TestEngine;
  let shelves: ReturnType<typeof shelvesOf>;
  beforeAll(async () => {
    estate = await start(quick);
    shelves = shelvesOf(estate);
  }, 60_000);
  afterAll(() => estate.close());

  test('comes in two parcels from two warehouses, is paid to the cent, and leaves nothing reserved', async () => {
    await shelves.holds(shelves.first, { 'dc-east': 2 });
    await shelves.holds(shelves.second, { 'dc-west': 1 });
    const id = newId();
    const key = await estate.placeOrder({ id });
    const events = await estate.until(key, isSettled);

    expect(events.find(({ step }) => step === 'reserve_stock')?.attributes).toMatchObject({
      units: '3',
      locations: 'dc-east, dc-west',
    });
    expect(releases(estate, 'wms-east').find(({ reference }) => reference === key)?.lines).toMatchObject([
      { sku: shelves.first, quantity: 2 },
    ]);
    expect(releases(estate, 'wms-west').find(({ reference }) => reference === `${key}~2`)?.lines).toMatchObject([
      { sku: shelves.second, quantity: 1 },
    ]);
    const shipped = events.filter(({ step, status }) => step === 'shipment_confirmed' && status === 'completed');
    expect(shipped.map(({ attributes }) => attributes['remaining_units']).at(-1)).toBe('0');
    expect(shipped).toHaveLength(2);
    const { authorised, captures } = captured(estate, id);
    expect(captures.reduce((sum, amount) => sum + amount, 0)).toBe(authorised);
    expect(await shelves.reserved(shelves.first, shelves.second)).toBe(0);
  });

  test('sends what there is, and the rest when stock comes in, to whoever has waited longest', async () => {
    await shelves.holds(shelves.first, { 'dc-east': 1 });
    await shelves.holds(shelves.second, { 'dc-east': 9 });
    const early = new Date(Date.now() - 60_000);
    const first = await estate.placeOrder({ id: newId(), placedAt: early });
    const part = await estate.until(first, ({ step }) => step === 'notify_customer');
    expect(part.find(waitsForStock)?.attributes).toMatchObject({ units: '2', backordered_units: '1' });
    const second = await estate.placeOrder({ id: newId() });
    await estate.until(second, ({ step }) => step === 'notify_customer');

    await shelves.holds(shelves.first, { 'dc-west': 1 });
    const served = await estate.until(first, isSettled);
    expect(served.filter(({ step }) => step === 'shipment_confirmed')).toHaveLength(2);
    expect((await estate.events(second)).some(({ step }) => step === 'reallocate')).toBe(false);

    await shelves.holds(shelves.first, { 'dc-west': 2 });
    await estate.until(second, isSettled);
    const west = (await shelves.stock.positions([shelves.first])).find(({ location }) => location === 'dc-west');
    expect(west).toMatchObject({ on_hand: 0, reserved: 0 });
  });

  test('of which nothing is in stock waits as a whole, and a cancellation ends the waiting', async () => {
    await shelves.holds(shelves.first, {});
    await shelves.holds(shelves.second, {});
    const key = await estate.placeOrder({ id: newId() });
    const waiting = await estate.until(key, ({ step }) => step === 'wms_release');
    expect(waiting.at(-1)).toMatchObject({
      status: 'skipped',
      attributes: { reason: 'Nothing of this order is in stock yet.' },
    });
    await commandOf(estate.nc, 'order.cancel', { actor: operator, key, reason: 'customer called' });
    await estate.until(key, ({ step }) => step === 'cancelled');
    await shelves.holds(shelves.first, { 'dc-east': 50 });
    await shelves.holds(shelves.second, { 'dc-east': 50 });
    expect(await shelves.reserved(shelves.first, shelves.second)).toBe(0);
  });
});

describe('an order that waits in a warehouse', () => {
  let estate: TestEngine;
  let shelves: ReturnType<typeof shelvesOf>;
  beforeAll(async () => {
    estate = await start(patient);
    shelves = shelvesOf(estate);
  }, 60_000);
  afterAll(() => estate.close());
  const released = ({ step, status }: StepEvent) => step === 'wms_release' && status === 'completed';
  const reroute = (key: string, to: string, from?: string) =>
    requestCommand(estate.nc, 'order.reroute', {
      ...{ actor: operator, key, to, reason: 'the dock is closed' },
      ...(from !== undefined && { from }),
    });

  test('is moved to another one: taken back, set aside and released there', async () => {
    await shelves.holds(shelves.first, { 'dc-east': 5, 'dc-west': 5 });
    await shelves.holds(shelves.second, { 'dc-east': 5, 'dc-west': 5 });
    const key = await estate.placeOrder({ id: newId() });
    await estate.until(key, released);
    expect(await reroute(key, 'dc-west')).toMatchObject({ ok: true });
    const events = await estate.until(
      key,
      ({ step, status, location }) => step === 'wms_release' && status === 'completed' && location === 'dc-west',
    );

    expect(events.map(({ step }) => step)).toContain('reroute_requested');
    expect(releases(estate, 'wms-east').find(({ reference }) => reference === key)?.status).toBe('cancelled');
    expect(releases(estate, 'wms-west').find(({ reference }) => reference === `${key}~2`)?.status).toBe('released');
    const held = await shelves.stock.positions([shelves.first]);
    expect(held.map(({ location, reserved }) => [location, reserved])).toEqual(
      expect.arrayContaining([
        ['dc-east', 0],
        ['dc-west', 2],
      ]),
    );
  });

  test.each([['never'], ['always'], ['shipment.delivered']])(
    'in two that number their parcels alike leaves in two and arrives in two; one says the plain key: %s',
    async (saysPlainKey) => {
      await shelves.holds(shelves.first, { 'dc-east': 2 });
      await shelves.holds(shelves.second, { 'dc-west': 20 });
      const id = newId();
      const key = await estate.placeOrder({ id });
      await estate.until(key, (event) => released(event) && event.location === 'dc-west');
      const tell = async (warehouse: string, own: string, topic: string, reference = own) => {
        const at = new Date().toISOString();
        const { lines } = releases(estate, warehouse).find((one) => one.reference === own) ?? {};
        const message = { reference, shipment_id: '1', shipped_at: at, delivered_at: at, lines };
        expect((await postShipment(estate, JSON.stringify(message), { warehouse, topic })).status).toBe(200);
      };
      for (const topic of ['shipment.confirmed', 'shipment.delivered']) {
        await tell('wms-east', key, topic);
        // Some repeat what we add to the key, some do not, and some do now and then.
        await tell(
          'wms-west',
          `${key}~2`,
          topic,
          topic === saysPlainKey || saysPlainKey === 'always' ? key : undefined,
        );
      }

      const events = await estate.until(key, isSettled);
      expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
      const shipped = events.filter(({ step, status }) => step === 'shipment_confirmed' && status === 'completed');
      expect(shipped.map(({ attributes }) => attributes['ref_shipment']).sort()).toEqual(['1', '1.wms-west']);
      const { authorised, captures } = captured(estate, id);
      expect(captures).toHaveLength(2);
      expect(captures.reduce((sum, amount) => sum + amount, 0)).toBe(authorised);
    },
  );

  test('in two of them is cancelled in both', async () => {
    await shelves.holds(shelves.first, { 'dc-east': 2 });
    await shelves.holds(shelves.second, { 'dc-west': 20 });
    const before = await shelves.reserved(shelves.first, shelves.second);
    const key = await estate.placeOrder({ id: newId() });
    await estate.until(
      key,
      ({ step, status, location }) => step === 'wms_release' && status === 'completed' && location === 'dc-west',
    );
    expect(await reroute(key, 'dc-eu')).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('Say from which') as string },
    });
    await commandOf(estate.nc, 'order.cancel', { actor: operator, key, reason: 'customer called' });
    await estate.until(key, ({ step }) => step === 'cancelled');
    const own = ({ reference }: Release) => reference === key || reference === `${key}~2`;
    expect(
      [...releases(estate, 'wms-east'), ...releases(estate, 'wms-west')].filter(own).map(({ status }) => status),
    ).toEqual(['cancelled', 'cancelled']);
    expect(await shelves.reserved(shelves.first, shelves.second)).toBe(before);
  });

  test('is given up whole although its warehouse had given it back for a reroute', async () => {
    await shelves.holds(shelves.first, { 'dc-east': 5 });
    await shelves.holds(shelves.second, { 'dc-east': 5, 'dc-eu': 5 });
    const before = await shelves.reserved(shelves.first, shelves.second);
    const key = await estate.placeOrder({ id: newId() });
    await estate.until(key, released);
    // The place it is moved to has a part of it only: the rest waits there.
    expect(await reroute(key, 'dc-eu')).toMatchObject({ ok: true });
    await estate.until(
      key,
      ({ step, status, location }) => step === 'wms_release' && status === 'completed' && location === 'dc-eu',
    );
    await commandOf(estate.nc, 'order.cancel', { actor: operator, key, reason: 'customer called' });
    const events = await estate.until(key, ({ step }) => step === 'cancelled');
    expect(events.some(({ step, status }) => step === 'erp_create_sales_order' && status === 'compensated')).toBe(true);
    expect(await shelves.reserved(shelves.first, shelves.second)).toBe(before);
  });

  test('cannot be moved to where nobody knows, nor by who may not', async () => {
    await shelves.holds(shelves.first, { 'dc-east': 20 });
    await shelves.holds(shelves.second, { 'dc-east': 20 });
    const key = await estate.placeOrder({ id: newId() });
    await estate.until(key, released);
    expect(await reroute(key, 'dc-moon')).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('not in the estate') as string },
    });
    const viewer = { id: 'vera', roles: ['viewer' as const] };
    expect(
      await requestCommand(estate.nc, 'order.reroute', { actor: viewer, key, to: 'dc-west', reason: 'x' }),
    ).toMatchObject({ ok: false });
  });
});

test('an order goes on where its warehouse is only observed, and is moved from there like from any other', async () => {
  const estate = await startEngine({
    simulator: { pace: patient },
    estate: (base) => ({
      ...base,
      systems: base.systems.map((system) => (system.id === 'wms-east' ? { ...system, mode: 'observe' } : system)),
    }),
  });
  const key = await estate.placeOrder({ id: newId() });
  const events = await estate.until(key, ({ step }) => step === 'wms_release');
  expect(events.at(-1)).toMatchObject({ status: 'skipped', system: 'wms-east' });
  expect(events.at(-1)?.attributes['reason']).toContain('only observed');
  await commandOf(estate.nc, 'order.reroute', { actor: operator, key, to: 'dc-west', reason: 'a trial' });
  await estate.until(
    key,
    ({ step, status, location }) => step === 'wms_release' && status === 'completed' && location === 'dc-west',
  );
  await commandOf(estate.nc, 'order.cancel', { actor: operator, key, reason: 'a trial' });
  await estate.until(key, ({ step }) => step === 'cancelled');
  expect(releases(estate, 'wms-east')).toEqual([]);
  expect(releases(estate, 'wms-west').map(({ status }) => status)).toEqual(['cancelled']);
  await estate.close();
});

describe('where orders may neither be shared out nor wait', () => {
  let estate: TestEngine;
  let shelves: ReturnType<typeof shelvesOf>;
  beforeAll(async () => {
    estate = await start(quick, { split_shipments: false, backorders: false });
    shelves = shelvesOf(estate);
  }, 60_000);
  afterAll(() => estate.close());

  test('want of stock is a case, and sending the order from elsewhere resolves it', async () => {
    await shelves.holds(shelves.first, { 'dc-eu': 5 });
    await shelves.holds(shelves.second, { 'dc-eu': 5, 'dc-east': 5 });
    const key = await estate.placeOrder({ id: newId() });
    const stopped = await estate.until(key, ({ status }) => status === 'quarantined');
    expect(stopped.at(-1)).toMatchObject({ step: 'reserve_stock', error_code: 'insufficient_stock' });
    await commandOf(estate.nc, 'order.reroute', { actor: operator, key, to: 'dc-eu', reason: 'Venlo has it' });
    const events = await estate.until(key, isSettled);
    expect(events.find(({ step, status }) => step === 'wms_release' && status === 'completed')?.location).toBe('dc-eu');
  });
});
