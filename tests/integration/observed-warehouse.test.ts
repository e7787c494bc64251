import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { postShipment } from '../support/warehouse.ts';

/** Modes that change while orders are with their warehouses. The file has the ERP observed and everybody else live. */
const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
let estate: TestEngine;
let nextId = 955_000;
let version = Date.now();
beforeAll(async () => {
  estate = await startEngine({
    // Nothing leaves unless a test says so.
    simulator: { pace: { shipAfterMs: [3_600_000, 3_600_000], deliverAfterMs: [100, 200], splitShare: 0 } },
    estate: (base) => ({
      ...base,
      systems: base.systems.map((one) => (one.id === 'netsuite' ? { ...one, mode: 'observe' } : one)),
      channels: base.channels.map((one) => (one.id === 'web-us' ? { ...one, split_shipments: true } : one)),
    }),
  });
}, 60_000);
afterAll(() => estate.close());

const turn = (command: 'connector.observe' | 'connector.go_live', connector_id: string) =>
  commandOf(estate.nc, command, { actor: olga, connector_id, reason: 'the cut-over' });
const of = (events: readonly StepEvent[], step: string) => events.filter((event) => event.step === step);
const released =
  (location: string) =>
  ({ step, status, location: at }: StepEvent) =>
    step === 'wms_release' && status === 'completed' && at === location;

interface Release {
  reference: string;
  status: string;
  lines: unknown[];
}
const releaseAt = (warehouse: string, reference: string) =>
  (estate.simulator.state(warehouse)[warehouse] as { releases: Release[] }).releases.find(
    (one) => one.reference === reference,
  );

/** The first product lies at these places alone, and the second at those. */
async function shelves(first: string, second: string): Promise<void> {
  const stock = createStockClient(estate.nc, estate.estate);
  for (const [product, place] of [first, second].entries())
    for (const { id: location } of estate.estate.locations.filter(({ wms }) => wms !== undefined))
      await stock.change({
        ...{
          schema_version: 1,
          change_id: `count-${++version}`,
          source: 'wms-test',
          location,
          reason: 'count',
          version,
        },
        sku: estate.simulator.catalogue.active[product]?.sku ?? '',
        ...{ quantity: location === place ? 50 : 0, occurred_at: new Date().toISOString() },
      });
}

test('what a warehouse was told while it was live is not forgotten: its cancellation is passed over, the others hear it', async () => {
  await shelves('dc-west', 'dc-east');
  const key = await estate.placeOrder({ id: ++nextId });
  const both = await estate.until(key, (event) => released('dc-east')(event) || released('dc-west')(event));
  const [first] = both.filter((event) => released('dc-east')(event) || released('dc-west')(event));
  const other = first?.location === 'dc-east' ? 'dc-west' : 'dc-east';
  await estate.until(key, released(other));
  // The last one told is asked first.
  const observed = other === 'dc-east' ? 'wms-east' : 'wms-west';
  const live = other === 'dc-east' ? 'wms-west' : 'wms-east';
  await turn('connector.observe', observed);

  const refused = await requestCommand(estate.nc, 'order.reroute', {
    ...{ actor: olga, key, from: other, to: 'dc-eu', reason: 'the dock is closed' },
  });
  expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining('shipped twice') as string } });

  await commandOf(estate.nc, 'order.cancel', { actor: olga, key, reason: 'customer called' });
  const events = await estate.until(key, ({ step, status }) => step === 'cancelled' && status === 'completed');
  const undone = of(events, 'wms_release').filter(({ attributes }) => attributes['compensates'] === 'wms_release');
  expect(undone).toMatchObject([
    { status: 'skipped', system: observed, attributes: { passed_over: 'would_send' } },
    { status: 'compensated', system: live },
  ]);
  expect(releaseAt(observed, `${key}~2`)?.status).toBe('released');
  expect(releaseAt(live, key)?.status).toBe('cancelled');
  await turn('connector.go_live', observed);
}, 120_000);

test('what is due after its system went live is passed over where the first call of its transaction was', async () => {
  await shelves('dc-east', 'dc-east');
  const key = await estate.placeOrder({ id: ++nextId });
  const before = await estate.until(key, released('dc-east'));
  expect(of(before, 'erp_create_sales_order')).toMatchObject([
    { status: 'skipped', system: 'netsuite', attributes: { passed_over: 'would_send' } },
  ]);
  await turn('connector.go_live', 'netsuite');
  const at = new Date().toISOString();
  const { lines } = releaseAt('wms-east', key) ?? {};
  for (const topic of ['shipment.confirmed', 'shipment.delivered']) {
    const message = { reference: key, shipment_id: 'p1', shipped_at: at, delivered_at: at, lines };
    expect((await postShipment(estate, JSON.stringify(message), { topic })).status).toBe(200);
  }
  const [invoice, ...more] = of(await estate.until(key, ({ step }) => step === 'settle'), 'erp_post_invoice');
  expect(more).toEqual([]);
  expect(invoice).toMatchObject({ status: 'skipped', system: 'netsuite' });
  expect(invoice?.attributes['reason']).toContain('was only observed when this began');
}, 120_000);
