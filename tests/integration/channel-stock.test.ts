import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { topicToken } from '#contracts/v1/intake.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { readLast } from '#platform/nats/publish.ts';
import { ChannelItems } from '#sync-engine/arrivals/channel-items.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { untilTaken } from '../support/intake.ts';
import { testEstate } from '../support/simulator.ts';
import { readSteps } from '../support/stock.ts';

/** Stock that the shop's staff set by hand, from the shop's webhook to what the shop shows in the end. */
let estate: TestEngine;
let sku: string;
let place: string;
beforeAll(async () => {
  place = testEstate().systems.find(({ id }) => id === 'shopify-us')?.settings['location.dc-east'] ?? '';
  // The shop's admin shows the id of a place within a global one.
  const named = { 'location.dc-east': `gid://shopify/Location/${place}` };
  estate = await startEngine({
    estate: (given) => ({
      ...given,
      systems: given.systems.map((one) =>
        one.id === 'shopify-us' ? { ...one, settings: { ...one.settings, ...named } } : one,
      ),
      policies: { ...given.policies, hold_early_signals_s: 1 },
    }),
  });
  sku = estate.simulator.catalogue.active[0]?.sku ?? '';
}, 60_000);
afterAll(() => estate.close());

const shown = (): number | undefined => {
  const shop = estate.simulator.state('shopify-us')['shopify-us'];
  const inventory = shop?.['inventory'] as { sku: string; location_id: string; quantity: number }[] | undefined;
  return inventory?.find((item) => item.sku === sku && item.location_id === place)?.quantity;
};
const position = async () =>
  (await createStockClient(estate.nc, estate.estate).positions([sku])).find(({ location }) => location === 'dc-east');
const confirmed = async () => (await position())?.confirmed?.['web-us']?.quantity;
const setByHand = (quantity: number) =>
  estate.simulator.systems.shopDesks.get('shopify-us')?.setLevel(sku, place, quantity);
const levels = subjects.intake('stock', 'shopify-us', topicToken('inventory_levels/update'));
/**
 * Orders that are tried in vain one after the other, each for some seconds: nothing can be done with what has no headers.
 * @returns what takes them away again.
 */
async function stuckOrders(): Promise<() => Promise<void>> {
  const { manager, js } = estate;
  const order = subjects.intake('order', 'shopify-us', topicToken('orders/create'));
  const atOnce = (max_ack_pending: number) =>
    manager.consumers.update(streams.intake, 'intake-order', { max_ack_pending });
  const { max_ack_pending: before } = (await manager.consumers.info(streams.intake, 'intake-order')).config;
  await atOnce(1);
  const seqs: number[] = [];
  for (let i = 0; i < 6; i++) seqs.push((await js.publish(order, '{}')).seq);
  return async () => {
    for (const seq of seqs) await manager.streams.deleteMessage(streams.intake, seq).catch(() => false);
    await atOnce(before ?? -1);
  };
}
/** Sets it and resolves once the engine has looked at what the shop tells of it. */
async function setAndLookedAt(quantity: number): Promise<void> {
  setByHand(quantity);
  await untilTaken(estate, 'stock');
}

describe('stock that the shop shows', () => {
  test('otherwise than we own it is published over once; whoever changes it back is a case', async () => {
    await expect.poll(confirmed, { timeout: 20_000 }).toBeGreaterThan(0);
    const before = await position();
    const own = before?.confirmed?.['web-us']?.quantity ?? 0;
    await setAndLookedAt(own);

    setByHand(own + 7);
    expect(shown()).toBe(own + 7);
    await expect.poll(shown, { timeout: 20_000 }).toBe(own);
    await expect.poll(confirmed, { timeout: 20_000 }).toBe(own);
    // Setting it as it was published changed nothing, and neither did this to what there is.
    expect(await position()).toMatchObject({ on_hand: before?.on_hand, version: (before?.version ?? 0) + 1 });
    const told = (await readSteps(estate.nc)).filter((step) => step.attributes['reason'] === 'channel_drift');
    expect(told).toMatchObject([{ step: 'stock_changed', sku, attributes: { behind: 'web-us' } }]);

    // Which item of ours the shop's is outlives the engine.
    const item = estate.simulator.catalogue.bySku(sku)?.inventoryItemId;
    expect(await (await ChannelItems.open(estate.nc)).sku('shopify-us', String(item))).toBe(sku);

    setByHand(own + 7);
    const contested = async () =>
      (await readSteps(estate.nc)).filter(({ error_code }) => error_code === 'stock_contested');
    await expect.poll(contested, { timeout: 20_000 }).toMatchObject([{ status: 'quarantined' }]);
    expect(shown()).toBe(own + 7);
  }, 90_000);

  test('and that is less than we own stays so while an order of the shop is not taken: it may be what was sold', async () => {
    const own = (await confirmed()) ?? 0;
    await setAndLookedAt(own);
    const release = await stuckOrders();
    await setAndLookedAt(own - 3);
    const held = await openBucket(estate.nc, buckets.held);
    const key = String((await readLast(estate.manager, streams.intake, levels))?.seq);
    const heldAt = (await held.get(key))?.revision ?? 0;
    // Its time is up, and it is held anew.
    await expect.poll(async () => (await held.get(key))?.revision, { timeout: 20_000 }).toBeGreaterThan(heldAt);
    expect([shown(), await confirmed()]).toEqual([own - 3, own]);

    await release();
    await expect.poll(shown, { timeout: 20_000 }).toBe(own);
  }, 60_000);

  test('for a while; where that order is never taken, it is a case', async () => {
    const own = (await confirmed()) ?? 0;
    const release = await stuckOrders();
    await setAndLookedAt(own - 4);
    const stopped = async () =>
      (await readSteps(estate.nc)).filter(({ error_code }) => error_code === 'orders_not_taken');
    await expect.poll(stopped, { timeout: 30_000 }).toMatchObject([{ status: 'quarantined' }]);
    expect([shown(), await confirmed()]).toEqual([own - 4, own]);
    await release();
  }, 60_000);

  test('that cannot be read is a case with the field named', async () => {
    const answer = await estate.postShopify('inventory_levels/update', '{"inventory_item_id":1,"location_id":"x"}');
    const { intake_seq } = (await answer.json()) as { intake_seq: number };
    const key = transactionKey('shopify-us', `intake-${intake_seq}`);
    const events = await estate.until(key, ({ status }) => status === 'quarantined', 'inventory_sync');
    expect(events.at(-1)).toMatchObject({ error_class: 'validation', error_path: '/location_id' });
  }, 30_000);
});
