import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { stockPartition, subjects } from '#contracts/v1/subjects.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { stepEvent } from '#tests/support/step-events.ts';
import { readSteps, startStock, type StockReplica } from '#tests/support/stock.ts';

let nats: TestNats;
let replica: StockReplica;

beforeAll(async () => {
  nats = await startNats();
  replica = await startStock(nats.url, { estate: testEstate() });
});
afterAll(async () => {
  await replica.stop();
  await nats.close();
});

const skuOf = (partition: number): string => {
  for (let i = 0; ; i++) if (stockPartition(`SKU-${i}`) === partition) return `SKU-${i}`;
};
const [plenty, scarce] = [skuOf(0), skuOf(1)];

const count = (sku: string, location: string, quantity: number) =>
  replica.stock.client.change({
    schema_version: 1,
    change_id: `${sku} ${location} ${quantity}`,
    source: 'wms-east',
    sku,
    location,
    reason: 'count',
    quantity,
    version: 1,
    occurred_at: new Date().toISOString(),
  });

test('attempts to reserve for one order that meet never call it short, and leave it reserved once', async () => {
  await Promise.all([
    count(plenty, 'dc-east', 1_000),
    count(plenty, 'dc-west', 1_000),
    count(scarce, 'dc-east', 1),
    count(scarce, 'dc-west', 1_000),
  ]);
  const lines = [
    { sku: plenty, quantity: 2 },
    { sku: scarce, quantity: 2 },
  ];
  const locations = ['dc-east', 'dc-west'];
  for (let order = 0; order < 60; order++) {
    const order_key = `shopify-us==${order}`;
    const attempt = async (startsAfterMs: number) => {
      await new Promise((resolve) => setTimeout(resolve, startsAfterMs));
      return replica.stock.client.reserveOrder({ order_key, lines, locations });
    };
    const attempts = await Promise.allSettled([attempt(0), attempt(order % 4), attempt(order % 7)]);
    for (const result of attempts) {
      if (result.status === 'fulfilled') expect(result.value).toEqual({ ok: true, location: 'dc-west' });
      else expect(result.reason).toHaveProperty('name', 'ReservedElsewhere');
    }
    // Whoever met another tries again, as a redelivery does.
    expect(await attempt(0)).toEqual({ ok: true, location: 'dc-west' });
    expect(await replica.stock.client.reservation(order_key)).toMatchObject({ location: 'dc-west', open: lines });
  }
  const positions = await replica.stock.client.positions([plenty, scarce]);
  expect(positions.map(({ sku, location, reserved }) => [sku, location, reserved]).sort()).toEqual(
    [
      [plenty, 'dc-east', 0],
      [plenty, 'dc-west', 120],
      [scarce, 'dc-east', 0],
      [scarce, 'dc-west', 120],
    ].sort(),
  );
});

test('a reservation that comes after its order was cancelled is not made', async () => {
  const order_key = 'shopify-us==cancelled';
  const lines = [{ sku: plenty, quantity: 3 }];
  const reserve = () => replica.stock.client.reserveOrder({ order_key, lines, locations: ['dc-east'] });
  expect(await reserve()).toEqual({ ok: true, location: 'dc-east' });
  expect(await replica.stock.client.releaseOrder(order_key)).toBe(true);
  await expect(reserve()).rejects.toHaveProperty('name', 'ReservedElsewhere');
  expect((await replica.stock.client.reservation(order_key))?.open ?? []).toEqual([]);
});

test('what another system told of a publication cycle keeps none of its own steps away', async () => {
  const sku = skuOf(2);
  // Nothing was counted in this partition yet: the first entries of its journal open the cycles.
  const js = jetstream(replica.nc);
  for (let cycle = 1; cycle <= 5; cycle++)
    for (let ordinal = 1; ordinal <= 3; ordinal++) {
      const key = transactionKey('stock', `${sku}@dc-east@${cycle}`);
      const told = stepEvent(cycle, ordinal, { flow: 'inventory_sync', key, writer: 'import-5a-1' });
      await js.publish(subjects.step('inventory_sync', key), JSON.stringify(told));
    }
  await count(sku, 'dc-east', 7);
  const own = async () => (await readSteps(replica.nc)).filter((step) => step.sku === sku);
  await expect.poll(own).toMatchObject([{ ordinal: 1, step: 'stock_changed', writer: 'stock.2' }]);
});
