import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { depositorOrderNumber } from '#sync-engine/edi/map/warehouse-order.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { scenarios } from '#simulator/scenarios/index.ts';
import { type Style, styles } from '#simulator/vendors/x12/styles.ts';
import { startEngine, type TestEngine } from '#tests/support/engine.ts';
import { testEstate } from '#tests/support/simulator.ts';

/** The simulated third party of the delivered estate, spoken to by X12 in two folders. */
let engine: TestEngine;
let next = 83_000;

const throughThirdParty = (estate: Estate): Estate => ({
  ...estate,
  systems: estate.systems.map((system) =>
    system.id === 'pier-3pl' ? { ...system, settings: { ...system.settings, 'drop.poll_ms': '20' } } : system,
  ),
  channels: estate.channels.map((channel) =>
    channel.id === 'web-us' ? { ...channel, locations: ['dc-3pl'] } : channel,
  ),
  locations: estate.locations.map((location) => (location.id === 'dc-3pl' ? { ...location, ship_s: 7 } : location)),
});

beforeAll(async () => {
  engine = await startEngine({
    // The first items of the catalogue are those the engine knows.
    simulator: { catalogueSize: 5 },
    estate: throughThirdParty,
  });
  thirdParty().start();
  await onHand();
}, 60_000);
afterAll(() => engine.close());

function thirdParty() {
  const found = engine.simulator.systems.thirdParties.get('pier-3pl');
  if (found === undefined) throw new Error('the estate has no third party');
  return found;
}
const shelves = () => thirdParty().state()['shelves'] as { sku: string; on_hand: number }[];
const orders = () => thirdParty().state()['orders'] as { number: string; status: string }[];
const place = () => engine.placeOrder({ id: ++next });
const settled = (key: string) => engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
const stepsOf = (events: readonly StepEvent[]) =>
  events.filter(({ status }) => status !== 'started').map(({ step, status }) => `${step} ${status}`);

/** Waits until the engine has what lies on the shelves. */
const onHand = () =>
  vi.waitFor(
    async () => {
      const positions = await createStockClient(engine.nc, engine.estate).positions(shelves().map(({ sku }) => sku));
      const here = positions.filter(({ location }) => location === 'dc-3pl');
      expect(here.map(({ sku, on_hand }) => ({ sku, on_hand })).sort(bySku)).toEqual(shelves().sort(bySku));
    },
    { timeout: 20_000, interval: 50 },
  );
const bySku = (a: { sku: string }, b: { sku: string }) => (a.sku < b.sku ? -1 : 1);

test('an order is shipped by the third party and, as it tells of no delivery, invoiced and settled on that', async () => {
  const events = await settled(await place());
  expect(stepsOf(events).slice(-7)).toEqual([
    'shipment_confirmed completed',
    'capture_payment completed',
    'channel_fulfilment completed',
    'notify_customer completed',
    'delivered skipped',
    'erp_post_invoice completed',
    'settle completed',
  ]);
  expect(events.find(({ step }) => step === 'delivered')?.attributes['reason']).toContain('tells of no delivery');
  await onHand();
});

test.each(styles.filter((style) => style !== 'wrong_count'))(
  'advices written as "%s" are taken',
  async (style: Style) => {
    thirdParty().write(style);
    const events = await settled(await place());
    expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
    expect(thirdParty().counts()[`files_${style}`]).toBeGreaterThan(0);
  },
);

test('several interchanges in one file ship several orders', async () => {
  const tell = thirdParty().hold();
  const keys = [await place(), await place(), await place()];
  await vi.waitFor(() => expect(orders().filter(({ status }) => status === 'shipped')).toHaveLength(3), 20_000);
  thirdParty().write('several');
  tell();
  for (const key of keys) await settled(key);
});

describe('an advice that counts its segments wrongly', () => {
  test('is rejected by a 997, is a case that names the segment, and is sent again rightly', async () => {
    thirdParty().write('wrong_count', 'plain');
    const before = thirdParty().counts()['rejected_by_syncline'] ?? 0;
    const key = await place();
    await settled(key);
    expect(thirdParty().counts()['rejected_by_syncline']).toBe(before + 1);
    const subject = 'intake.fulfilment.pier-3pl.x12-rejected';
    const message = await engine.manager.streams.getMessage(streams.intake, { last_by_subj: subject });
    const events = await engine.until(
      transactionKey('pier-3pl', `intake-${message?.seq}`),
      ({ status }) => status === 'quarantined',
    );
    expect(events.at(-1)).toMatchObject({ error_code: 'x12_set_4', error_path: '/945[1]/SE[1]/SE01' });
  });
});

test('late-asn: orders whose advices come late wait past their deadline, and heal when those come', async () => {
  const end = scenarios.get('late-asn')?.begin?.(
    {
      conditions: engine.simulator.conditions,
      systemsOf: () => [],
      rush: () => () => undefined,
      cutOff: () => () => undefined,
      holdAdvices: () => thirdParty().hold(),
    },
    undefined,
  );
  const key = await place();
  const number = depositorOrderNumber(key);
  await vi.waitFor(() => expect(orders().find((order) => order.number === number)?.status).toBe('shipped'), {
    timeout: 20_000,
    interval: 50,
  });
  const released = await engine.until(key, ({ step, status }) => step === 'wms_release' && status === 'completed');
  const waiting = released.at(-1);
  expect(waiting).toMatchObject({ step: 'wms_release', status: 'completed' });
  const deadline = Date.parse(waiting?.deadline ?? '');
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(deadline), { timeout: 20_000, interval: 100 });
  const told = new Date().toISOString();
  end?.();
  const events = await settled(key);
  const shipped = events.find(({ step }) => step === 'shipment_confirmed');
  // It left long before it was told.
  expect((shipped?.ended_at ?? told) < told).toBe(true);
});

test('goods that come in are received by 944, and what is counted by 846', async () => {
  const [shelf] = shelves();
  thirdParty().changeStock({ sku: shelf?.sku ?? '', reason: 'receipt', quantity: 24 });
  expect(shelves()[0]?.on_hand).toBe((shelf?.on_hand ?? 0) + 24);
  await onHand();
});

test('the delivered estate lets a part of the orders of the US shop go through the third party', () => {
  const estate = testEstate();
  expect(estate.channels.find(({ id }) => id === 'web-us')?.locations).toContain('dc-3pl');
});
