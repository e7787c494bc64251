import type { ChildProcess } from 'node:child_process';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import { ConnectorError } from '#sync-engine/connectors/connector.ts';
import type { ConnectorCall } from '#sync-engine/flows/inventory/connector-call.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { startChild } from '#tests/support/child.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';
import { startSimulator, testEstate } from '#tests/support/simulator.ts';
import { directCalls, readSteps, type StockReplica, startStock, stockChange } from '#tests/support/stock.ts';

let nats: TestNats;
let simulator: Simulator;
let estate: Estate;
let skus: string[];
let nc: NatsConnection;
const running: StockReplica[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ catalogueSize: 60 });
  estate = testEstate(simulator);
  skus = simulator.catalogue.active.slice(0, 40).map((item) => item.sku);
});
afterAll(() => simulator.close());
beforeEach(async () => {
  nats = await startNats();
  nc = await connect({ servers: nats.url, noAsyncTraces: true });
});
afterEach(async () => {
  for (const replica of running.splice(0)) await replica.stop();
  await nc.close();
  await nats.close();
});

async function replica(publishCall: ConnectorCall): Promise<StockReplica> {
  const started = await startStock(nats.url, { estate, publishCall });
  running.push(started);
  return started;
}

/** What the shop shows for an item at dc-east. */
function shown(shop: string, sku: string): number | undefined {
  const inventory = simulator.state(shop)[shop]?.['inventory'] as
    { sku: string; location_id: string; quantity: number }[] | undefined;
  const location = estate.systems.find((system) => system.id === shop)?.settings['location.dc-east'];
  return inventory?.find((item) => item.sku === sku && item.location_id === location)?.quantity;
}

/** Waits for what must come to be true, looking again whenever a step is published. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const subscription = nc.subscribe('steps.>');
  const deadline = setTimeout(() => subscription.unsubscribe(), 60_000);
  // Seen once is enough: a later change of the same item may be on its way again.
  let met = await condition();
  if (!met) for await (const _ of subscription) if ((met = await condition())) break;
  clearTimeout(deadline);
  subscription.unsubscribe();
  expect(met || (await condition())).toBe(true);
}

const published = async (sku: string): Promise<boolean> => {
  const mine = (await readSteps(nc)).filter((event) => event.sku === sku);
  return mine.length > 0 && mine.at(-1)?.deadline === '';
};

/** Every cycle's events stand once, numbered without a gap, on one subject in order. */
function expectWholeCycles(events: readonly StepEvent[]): void {
  const cycles = new Map<string, StepEvent[]>();
  for (const event of events) cycles.set(event.key, [...(cycles.get(event.key) ?? []), event]);
  for (const own of cycles.values()) {
    expect(own.map((event) => event.ordinal)).toEqual(own.map((_, index) => index + 1));
    expect(new Set(own.map((event) => event.event_id)).size).toBe(own.length);
    // Only the last one ends the deadline: every cycle came to its end, and none went on after it.
    expect(own.map((event) => event.deadline === '')).toEqual(own.map((_, index) => index === own.length - 1));
  }
}

describe('publication', () => {
  test('brings a change to every shop that sells from the place, as steps of one transaction', async () => {
    const { stock } = await replica(directCalls(estate));
    const [sku = ''] = skus;
    await stock.client.change(stockChange(sku, 42));
    await until(() => published(sku));
    expect([shown('shopify-us', sku), shown('shopify-eu', sku)]).toEqual([40, 36]);
    const events = (await readSteps(nc)).filter((event) => event.sku === sku);
    expectWholeCycles(events);
    expect(events.map(({ step, status, channel }) => [step, status, channel])).toEqual([
      ['stock_changed', 'completed', ''],
      ['publish_availability', 'completed', expect.stringMatching(/^web-/)],
      ['publish_availability', 'completed', expect.stringMatching(/^web-/)],
    ]);
    expect(new Set(events.map((event) => event.key)).size).toBe(1);
    expect(new Set(events.map((event) => event.occurred_at)).size).toBe(1);
  });

  test('coalesces what changes while a call is under way and sends the newest quantity', async () => {
    const direct = directCalls(estate);
    let calls = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { stock } = await replica(async (system, verb, input) => {
      calls++;
      await gate;
      return direct(system, verb, input);
    });
    const [, sku = ''] = skus;
    await stock.client.change(stockChange(sku, 1_000));
    for (let i = 0; i < 30; i++) await stock.client.change(stockChange(sku, -1, { reason: 'sale' }));
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        stock.client.reserveOrder({ order_key: `shop==${i}`, lines: [{ sku, quantity: 1 }], locations: ['dc-east'] }),
      ),
    );
    open();
    await until(() => shown('shopify-us', sku) === 868 && shown('shopify-eu', sku) === 781);
    await until(() => published(sku));
    // One was under way to each shop; one more carried all the rest.
    expect(calls).toBeLessThanOrEqual(6);
    expectWholeCycles(await readSteps(nc));
  });

  test('does not let one item the shop refuses hold up the others', async () => {
    const { stock } = await replica(directCalls(estate));
    const some = skus.slice(2, 8);
    await Promise.all([...some, 'NOT-IN-THE-SHOP'].map((sku) => stock.client.change(stockChange(sku, 12))));
    await until(async () => (await Promise.all([...some, 'NOT-IN-THE-SHOP'].map(published))).every(Boolean));
    for (const sku of some) expect(shown('shopify-us', sku)).toBe(10);
    const failed = (await readSteps(nc)).filter((event) => event.status === 'failed');
    expect(failed.map((event) => [event.sku, event.error_class])).toEqual([
      ['NOT-IN-THE-SHOP', 'rejected'],
      ['NOT-IN-THE-SHOP', 'rejected'],
    ]);
  });

  test('goes on after an outage with what is true then', async () => {
    const direct = directCalls(estate);
    let down = true;
    const { stock } = await replica((system, verb, input) => {
      if (!down) return direct(system, verb, input);
      const detail = {
        errorClass: 'unavailable',
        code: '503',
        message: 'down',
        retryable: true,
        mayHaveHappened: false,
      };
      return Promise.reject(new ConnectorError({ ...detail, errorClass: 'unavailable', retryAfterMs: 50 }));
    });
    const [sku = ''] = skus.slice(8);
    await stock.client.change(stockChange(sku, 20));
    await stock.client.change(stockChange(sku, 30));
    expect(stock.backlog()).toEqual({ 'web-us': 1, 'web-eu': 1 });
    down = false;
    await until(() => published(sku));
    expect(shown('shopify-us', sku)).toBe(28);
    expect(stock.backlog()).toEqual({ 'web-us': 0, 'web-eu': 0 });
  });
});

describe('a replica killed at', () => {
  const points = ['journal', 'steps', 'publish_call', 'published', 'snapshot'].flatMap((write) =>
    ['before', 'after'].map((when) => `stock.${write}.${when}`),
  );

  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const start = (crash: string): ChildProcess => {
    const child = startChild('stock', [nats.url, simulator.url, crash]);
    children.push(child);
    return child;
  };
  const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
    new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));

  test.each(points)('%s loses nothing and repeats nothing', async (point) => {
    const client = createStockClient(nc, estate, { attemptMs: 500, deadlineMs: 30_000 });
    const own = skus.slice(10, 16);
    const killed = start(`${point}@${point.includes('snapshot') ? 1 : 3}`);
    const gone = ended(killed);
    const work = Promise.all(
      own.map(async (sku, index) => {
        await client.change(stockChange(sku, 50));
        for (let i = 0; i < 8; i++)
          await client.reserveOrder({
            order_key: `${point}==${index}-${i}`,
            lines: [{ sku, quantity: 2 }],
            locations: ['dc-east'],
          });
        await client.commitShipment({
          order_key: `${point}==${index}-0`,
          shipment_id: 's1',
          location: 'dc-east',
          lines: [{ sku, quantity: 2 }],
        });
      }),
    );
    expect(await gone).toBe('SIGKILL');
    const successor = start('');
    await work;
    await until(
      async () =>
        own.every((sku) => shown('shopify-us', sku) === 32) && (await Promise.all(own.map(published))).every(Boolean),
    );
    const versions = new Map<string, number>();
    for (const position of (await client.positions(own)).filter(({ location }) => location === 'dc-east')) {
      expect(position).toMatchObject({ on_hand: 48, reserved: 14 });
      versions.set(`${position.sku}@dc-east`, position.version);
    }
    const finished = ended(successor);
    successor.send('stop');
    await finished;
    const events = await readSteps(nc);
    expectWholeCycles(events);
    for (const [key, version] of versions) {
      const changed = events.filter((event) => event.business_key === key && event.step === 'stock_changed');
      expect(changed.reduce((sum, event) => sum + Number(event.attributes['coalesced']), 0)).toBe(version);
    }
  });
});
