import { connect } from '@nats-io/transport-node';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import { stockPartition } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { readJournal, type StockReplica, startStock, stockChange } from '#tests/support/stock.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';
import { createStockClient, type StockClient } from '#sync-engine/stock/client.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { offeringOf } from '#sync-engine/stock/offering.ts';
import { openSnapshots } from '#sync-engine/stock/snapshot.ts';
import { JournalLost, runStockWriter } from '#sync-engine/stock/writer.ts';

let nats: TestNats;
let estate: Estate;
const running: StockReplica[] = [];

beforeAll(() => {
  // Channels are not called in these tests.
  const loaded = testEstate();
  estate = { ...loaded, systems: loaded.systems.map((system) => ({ ...system, mode: 'observe' })) };
});
afterEach(async () => {
  for (const replica of running.splice(0)) await replica.stop();
  await nats.close();
});

async function replica(options: Partial<Parameters<typeof startStock>[1]> = {}): Promise<StockReplica> {
  const started = await startStock(nats.url, { estate, ...options });
  running.push(started);
  return started;
}

/** SKUs that live in different partitions. */
const [skuA = '', skuB = ''] = [0, 1].map(
  (partition) =>
    Array.from({ length: 50 }, (_, i) => `SKU-${i}`).find((sku) => stockPartition(sku) === partition) ?? '',
);
const at = async (client: StockClient, sku: string, location = 'dc-east') =>
  (await client.positions([sku])).find((position) => position.location === location);

describe('stock', () => {
  test('two hundred orders racing for one item never take more than there is', async () => {
    nats = await startNats();
    const { stock, nc } = await replica();
    await stock.client.change(stockChange(skuA, 120));
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        stock.client.reserveOrder({
          order_key: `shop==${i}`,
          lines: [{ sku: skuA, quantity: 1 }],
          locations: ['dc-east', 'dc-west'],
        }),
      ),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(120);
    expect(results.find((result) => !result.ok)).toEqual({
      ok: false,
      short: [
        { sku: skuA, location: 'dc-east', wanted: 1, available: 0 },
        { sku: skuA, location: 'dc-west', wanted: 1, available: 0 },
      ],
    });
    expect(await at(stock.client, skuA)).toMatchObject({ on_hand: 120, reserved: 120 });
    const entries = [...(await readJournal(nc)).values()].flat();
    expect(entries.length).toBeLessThan(60);
  });

  test('an order is reserved at the first location that has all of it, across partitions, and nothing is left elsewhere', async () => {
    nats = await startNats();
    const { client } = (await replica()).stock;
    for (const [sku, location, quantity] of [
      [skuA, 'dc-east', 5],
      [skuB, 'dc-east', 1],
      [skuA, 'dc-west', 5],
      [skuB, 'dc-west', 5],
    ] as const)
      await client.change(stockChange(sku, quantity, { location }));
    const order = {
      order_key: 'shop==1',
      lines: [
        { sku: skuA, quantity: 2 },
        { sku: skuB, quantity: 2 },
      ],
      locations: ['dc-east', 'dc-west'],
    };
    expect(await client.reserveOrder(order)).toEqual({ ok: true, location: 'dc-west' });
    expect(await client.reserveOrder(order)).toEqual({ ok: true, location: 'dc-west' });
    expect(await at(client, skuA)).toMatchObject({ reserved: 0 });
    expect(await at(client, skuA, 'dc-west')).toMatchObject({ reserved: 2 });

    const big = {
      ...order,
      order_key: 'shop==2',
      lines: [
        { sku: skuA, quantity: 3 },
        { sku: skuB, quantity: 4 },
      ],
    };
    expect(await client.reserveOrder(big)).toMatchObject({ ok: false, short: [{ sku: skuB }, { sku: skuB }] });
    expect(await client.reservation('shop==2')).toBeUndefined();

    expect(await client.commitShipment({ ...order, location: 'dc-west', shipment_id: 's1' })).toEqual([]);
    await client.commitShipment({ ...order, location: 'dc-west', shipment_id: 's1' });
    expect(await at(client, skuB, 'dc-west')).toMatchObject({ on_hand: 3, reserved: 0 });
    expect(await client.releaseOrder('shop==1')).toBe(false);
  });

  test('a reservation begun before a crash is completed where it stands, or undone', async () => {
    nats = await startNats();
    const { client } = (await replica()).stock;
    for (const sku of [skuA, skuB])
      for (const location of ['dc-east', 'dc-west']) await client.change(stockChange(sku, 5, { location }));
    // What a crashed attempt left: one of two partitions, at the second location.
    const part = { order_key: 'shop==1', lines: [{ sku: skuA, quantity: 2 }] };
    await client.reserveOrder({ ...part, locations: ['dc-west'] });
    const lines = [...part.lines, { sku: skuB, quantity: 2 }];
    const order = { ...part, lines, locations: ['dc-east', 'dc-west'] };
    expect(await client.reserveOrder(order)).toEqual({ ok: true, location: 'dc-west' });
    expect(await client.reservation('shop==1')).toEqual({ location: 'dc-west', open: lines, shipments: [] });

    await client.reserveOrder({ ...part, order_key: 'shop==2', locations: ['dc-west'] });
    const more = {
      order_key: 'shop==2',
      lines: [...part.lines, { sku: skuB, quantity: 4 }],
      locations: ['dc-east', 'dc-west'],
    };
    expect(await client.reserveOrder(more)).toEqual({ ok: true, location: 'dc-east' });
    expect(await at(client, skuA, 'dc-west')).toMatchObject({ reserved: 2 });
  });

  test('availability is what each channel may offer', async () => {
    nats = await startNats();
    const { client } = (await replica()).stock;
    await client.change(stockChange(skuA, 13));
    await client.reserveOrder({ order_key: 'shop==1', lines: [{ sku: skuA, quantity: 1 }], locations: ['dc-east'] });
    const offered = await client.availability({ skus: [skuA], location: 'dc-east' });
    expect(offered.map(({ channel, sellable }) => [channel, sellable])).toEqual([
      ['web-us', 10],
      ['web-eu', 9],
      ['marketplace', 6],
      ['northfield', 5],
      ['amazon-us', 5],
    ]);
    expect(offered[0]).toMatchObject({ on_hand: 13, reserved: 1, safety_stock: 2, allocation_percent: 100 });
  });

  test('a restart goes on from the snapshot and the journal after it', async () => {
    nats = await startNats();
    const first = await replica({ snapshotEvery: 10 });
    const receipts = Array.from({ length: 25 }, () => stockChange(skuA, 1, { reason: 'receipt' }));
    for (const receipt of receipts) await first.stock.client.change(receipt);
    await first.stock.client.reserveOrder({
      order_key: 'shop==1',
      lines: [{ sku: skuA, quantity: 7 }],
      locations: ['dc-east'],
    });
    const before = await at(first.stock.client, skuA);
    // Snapshots are stored beside the work: the journal is shorter once one is.
    const kept = async (nc: StockReplica['nc']) => (await readJournal(nc)).get(stockPartition(skuA))?.[0]?.n ?? 0;
    while ((await kept(first.nc)) < 10);
    // Gone without a word: no last snapshot, leases run out.
    running.splice(running.indexOf(first), 1);
    await first.nc.close();
    await first.stock.stop();
    await first.leases.close();

    const second = await replica();
    expect(await at(second.stock.client, skuA)).toEqual(before);
    expect(await kept(second.nc)).toBeGreaterThanOrEqual(10);
    expect(await second.stock.client.reservation('shop==1')).toMatchObject({ open: [{ sku: skuA, quantity: 7 }] });
    for (const receipt of receipts)
      expect(await second.stock.client.change(receipt)).toMatchObject({ outcome: 'repeated' });
  });

  test('of two writers on one partition one ends, and nothing is written twice', async () => {
    nats = await startNats();
    const setup = await replica();
    await setup.stop();
    running.splice(running.indexOf(setup), 1);
    const partition = stockPartition(skuA);
    const stopping = new AbortController();
    const connections = await Promise.all([0, 1].map(() => connect({ servers: nats.url, noAsyncTraces: true })));
    const writers = connections.map(async (nc) => {
      const snapshots = await openSnapshots(nc);
      let loaded: () => void = () => undefined;
      const ready = new Promise<void>((resolve) => (loaded = resolve));
      const ended = runStockWriter(
        {
          nc,
          partition,
          offering: offeringOf(estate, new Kinds(estate)),
          snapshots,
          log: silentLog,
          now: () => new Date(),
          snapshotEvery: 1_000_000,
          onEntry: () => undefined,
          onLoaded: () => loaded(),
          projectedUpTo: () => Promise.resolve(),
        },
        stopping.signal,
      ).then(
        () => 'stopped',
        (error: unknown) => error,
      );
      await ready;
      return { ended };
    });
    const both = await Promise.all(writers);
    const nc = await connect({ servers: nats.url });
    const client = createStockClient(nc, estate, { attemptMs: 500, deadlineMs: 5_000 });
    const results = await Promise.all(
      Array.from({ length: 100 }, () => client.change(stockChange(skuA, 1, { reason: 'receipt' }))),
    );
    expect(results.every((result) => result.outcome !== 'superseded')).toBe(true);
    expect(await at(client, skuA)).toMatchObject({ on_hand: 100 });
    const loser = await Promise.race(both.map((writer) => writer.ended));
    expect(loser).toBeInstanceOf(JournalLost);
    stopping.abort();
    const ends = await Promise.all(both.map((writer) => writer.ended));
    expect(ends.filter((end) => end === 'stopped')).toHaveLength(1);
    const journal = (await readJournal(nc)).get(partition) ?? [];
    expect(journal.map((entry) => entry.n)).toEqual(journal.map((_, index) => (journal[0]?.n ?? 0) + index));
    for (const open of [...connections, nc]) await open.close();
  });

  test('partitions move to a replica that joins, without losing a command', async () => {
    nats = await startNats();
    const first = await replica({ ttlMs: 900 });
    const skus = Array.from({ length: 12 }, (_, i) => `SKU-${i}`);
    let done = false;
    const sent = new Map<string, number>();
    const load = Promise.all(
      skus.map(async (sku) => {
        while (!done) {
          await first.stock.client.change(stockChange(sku, 1, { reason: 'receipt' }));
          sent.set(sku, (sent.get(sku) ?? 0) + 1);
        }
      }),
    );
    const second = await replica({ ttlMs: 900 });
    const writing = (one: StockReplica): number => one.stock.positions().filter((position) => position.writing).length;
    while (writing(second) < 2 || writing(first) !== 2) await second.stock.client.reservation('nobody');
    done = true;
    await load;
    const positions = await second.stock.client.positions(skus);
    expect(new Map(positions.map(({ sku, on_hand }) => [sku, on_hand]))).toEqual(sent);
  });
});
