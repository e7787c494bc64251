import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { silentLog } from '#platform/log.ts';
import { createStockClient, type StockClient } from '#sync-engine/stock/client.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { testSecret } from '../support/simulator.ts';

const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';
let estate: TestEngine;
let stock: StockClient;
let sku: string;
let second: string;
let version = Date.now();

const count = (location: string, quantity: number, of = sku) =>
  stock.change({
    ...{ schema_version: 1, change_id: randomUUID(), source: 'test', sku: of, location, reason: 'count' },
    ...{ quantity, version: ++version, occurred_at: new Date().toISOString() },
  });
const at = async (location: string) =>
  (await stock.positions([sku])).find((position) => position.location === location) ?? { on_hand: 0, in_transit: 0 };

/** A signed stock message of the warehouse in the east. */
async function told(change: Record<string, unknown>): Promise<string> {
  const change_id = randomUUID();
  const body = JSON.stringify({
    ...{ change_id, sku, location_code: 'dc-east', version: ++version, occurred_at: new Date().toISOString() },
    ...change,
  });
  const signature = createHmac('sha256', testSecret('WMS_EAST_SECRET')).update(body).digest('hex');
  const headers = {
    ...{ 'content-type': 'application/json', 'x-wms-topic': 'stock.changed', 'x-wms-event-id': change_id },
    ...{ 'x-wms-warehouse': 'wms-east', 'x-wms-signature': signature },
  };
  const answer = await fetch(`${estate.intakeUrl}/intake/wms`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
  return change_id;
}

beforeAll(async () => {
  estate = await startEngine({
    estate: (base) => ({
      ...base,
      channels: base.channels.map((channel) =>
        channel.id === 'web-us' ? { ...channel, locations: ['dc-east', 'dc-west', 'store-002'] } : channel,
      ),
    }),
  });
  stock = createStockClient(estate.nc, estate.estate);
  sku = estate.simulator.catalogue.active[0]?.sku ?? '';
  second = estate.simulator.catalogue.active[1]?.sku ?? '';
  const master = await createMasterData(estate.nc, silentLog);
  const changed = { changed_by: 'test', changed_at: new Date().toISOString(), reason: 'test' };
  await master.putMapping({ kind: 'unit', system: 'wms-east', code: 'CS', target: '12', ...changed });
  await master.putMapping({ kind: 'unit', system: 'wms-east', code: `CS/${second}`, target: '6', ...changed });
  master.stop();
}, 60_000);
afterAll(() => estate.close());

const releases = () =>
  (estate.simulator.state('store-desk')['store-desk'] as { releases: { reference: string; status: string }[] })
    .releases;

test('an order that is collected is set aside, picked and handed over in its store', async () => {
  await count('store-001', 5);
  await count('store-001', 5, second);
  const key = await estate.placeOrder({ id: 52_001, pickupAt: '71000000101' });
  const events = await estate.until(key, isSettled);
  expect(events.find(({ step }) => step === 'reserve_stock')?.location).toBe('store-001');
  expect(releases().find(({ reference }) => reference === key)?.status).toBe('delivered');
  expect(await at('store-001')).toMatchObject({ on_hand: 3, reserved: 0 });
});

test('an order that no warehouse can fill ships from a store, whose desk is told', async () => {
  for (const of of [sku, second]) {
    await count('dc-east', 0, of);
    await count('dc-west', 0, of);
    await count('store-002', 4, of);
  }
  const key = await estate.placeOrder({ id: 52_002 });
  const events = await estate.until(key, isSettled);
  const shipped = events.find(({ step, status }) => step === 'shipment_confirmed' && status === 'completed');
  expect(shipped?.system).toBe('store-desk');
  expect(await at('store-002')).toMatchObject({ on_hand: 2, reserved: 0 });
});

test('a quantity in the warehouse’s own unit is counted in ours, by what the unit holds of that item', async () => {
  await count('dc-east', 0);
  await count('dc-east', 0, second);
  await told({ reason: 'receipt', quantity: 2, unit: 'CS' });
  await told({ reason: 'receipt', quantity: 2, unit: 'CS', sku: second });
  await expect.poll(async () => (await at('dc-east')).on_hand).toBe(24);
  const position = async () => (await stock.positions([second])).find(({ location }) => location === 'dc-east');
  await expect.poll(async () => (await position())?.on_hand).toBe(12);
});

test('a unit that nobody mapped is a case that names it', async () => {
  const id = await told({ reason: 'receipt', quantity: 2, unit: 'PAL' });
  const quarantined = async () => {
    const messages = await estate.manager.streams.getMessage('CASES', { last_by_subj: 'cases.>' });
    return messages?.json<{ state: { problems: { error_code: string; path: string }[] } }>();
  };
  await expect
    .poll(async () => JSON.stringify(await quarantined().catch(() => undefined)), { timeout: 10_000 })
    .toMatch(/unknown_unit.*"\/unit"|"\/unit".*unknown_unit/);
  expect(id).not.toBe('');
});

test('what a supplier announces is in transit until its receipt, and a transfer until it arrives', async () => {
  await count('dc-east', 10);
  await count('dc-west', 0);
  await told({ reason: 'announced', quantity: 30, purchase_order: 'PO-77' });
  await expect.poll(() => at('dc-east')).toMatchObject({ on_hand: 10, in_transit: 30 });
  await told({ reason: 'receipt', quantity: 20, purchase_order: 'PO-77' });
  await expect.poll(() => at('dc-east')).toMatchObject({ on_hand: 30, in_transit: 10 });
  await told({ reason: 'transfer_out', quantity: -4, counterpart_code: 'dc-west' });
  await expect.poll(() => at('dc-east')).toMatchObject({ on_hand: 26 });
  await expect.poll(() => at('dc-west')).toMatchObject({ on_hand: 0, in_transit: 4 });
});
