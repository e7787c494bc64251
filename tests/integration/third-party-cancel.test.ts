import { afterAll, beforeAll, expect, test } from 'vitest';
import { depositorOrderNumber } from '#sync-engine/edi/map/warehouse-order.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { orderDraft, startEngine, type TestEngine } from '#tests/support/engine.ts';

/** A third party that takes its time, so that an order can still be called back. */
let engine: TestEngine;
const LONG = 3_600_000;

beforeAll(async () => {
  engine = await startEngine({
    simulator: {
      catalogueSize: 5,
      pace: { shipAfterMs: [LONG, LONG], deliverAfterMs: [LONG, LONG], splitShare: 0 },
    },
    estate: (base) => ({
      ...base,
      systems: base.systems.map((system) =>
        system.id === 'pier-3pl' ? { ...system, settings: { ...system.settings, 'drop.poll_ms': '20' } } : system,
      ),
      channels: base.channels.map((one) => (one.id === 'web-us' ? { ...one, locations: ['dc-3pl'] } : one)),
    }),
  });
  thirdParty().start();
}, 60_000);
afterAll(() => engine.close());

function thirdParty() {
  const found = engine.simulator.systems.thirdParties.get('pier-3pl');
  if (found === undefined) throw new Error('the estate has no third party');
  return found;
}
const statusOf = (number: string) =>
  (thirdParty().state()['orders'] as { number: string; status: string }[]).find((order) => order.number === number)
    ?.status;

test('an order that its customer cancels in time is cancelled at the third party by a 940, and never ships', async () => {
  await expect.poll(() => thirdParty().counts()['files_pipes'] ?? 0, { timeout: 20_000 }).toBeGreaterThan(0);
  const id = 85_001;
  const key = await engine.placeOrder({ id });
  const number = depositorOrderNumber(key);
  await expect.poll(() => statusOf(number), { timeout: 30_000 }).toBe('released');
  const shop = engine.estate.systems.find((one) => one.id === 'shopify-us')?.settings['shop_domain'] ?? '';
  const cancelled = buildShopifyOrder(orderDraft(engine.simulator, { id }), shop, { cancelledAt: new Date() });
  await engine.postShopify('orders/cancelled', JSON.stringify(cancelled));
  await engine.until(key, ({ step, status }) => step === 'cancelled' && status === 'completed');
  await expect.poll(() => statusOf(number), { timeout: 20_000 }).toBe('cancelled');
  expect(thirdParty().counts()).toMatchObject({ cancelled: 1, shipped: 0 });
}, 60_000);
