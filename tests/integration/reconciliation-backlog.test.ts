import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StockPlan } from '#contracts/v1/reconciliation.ts';
import { immediatePace } from '#simulator/pace.ts';
import { createStockClient, type StockClient } from '#sync-engine/stock/client.ts';
import { agreeingBooks } from '#tests/support/agreeing-books.ts';
import { orderDraft, startEngine, type TestEngine } from '#tests/support/engine.ts';
import { breaksOf, never, reconcile } from '#tests/support/reconciliation.ts';

/** Stock compared while orders stand behind a provider that does not answer: what has left is not on our books yet. */
const plan: StockPlan = {
  ...never,
  id: 'stock',
  name: 'Stock',
  kind: 'stock',
  compare: ['erp', 'wms'],
  tolerance: 0,
  settle_s: 0.2,
  rounds: 3,
};

let engine: TestEngine;
let stock: StockClient;

beforeAll(async () => {
  engine = await startEngine({
    simulator: { pace: { ...immediatePace, splitShare: 1 } },
    estate: (estate) => ({
      ...estate,
      systems: estate.systems.map((system) => ({
        ...system,
        limits: { ...system.limits, breaker_failures: 1_000 },
        retry: { max_attempts: 100, initial_delay_s: 0.05, max_delay_s: 0.2 },
      })),
      reconciliations: [plan],
    }),
  });
  stock = createStockClient(engine.nc, engine.estate);
  await agreeingBooks(engine);
}, 60_000);
afterAll(() => engine.close());

const open = async () => (await breaksOf(engine)).filter(({ status }) => status === 'open');

test('a parcel that its order has not come to is no break, and hides none besides', async () => {
  const { simulator } = engine;
  expect(await reconcile(engine, 'stock')).toMatchObject({ opened: 0, undecided: 0 });

  // The warehouse's news wait until the shop no longer answers: the first parcel's payment cannot be captured then.
  simulator.intake.setUrl('http://127.0.0.1:9');
  const [line] = orderDraft(simulator, { id: 71_001 }).lines;
  if (line === undefined) throw new Error('an order without lines');
  const key = await engine.placeOrder({ id: 71_001, lines: [{ ...line, quantity: 4, taxes: [] }] });
  await engine.until(key, ({ step, status }) => step === 'wms_release' && status === 'completed');
  simulator.conditions.setFault('shopify-us', 'error', 1);
  simulator.intake.setUrl(engine.intakeUrl);
  let told = 0;
  await engine.until(key, ({ step }) => step === 'shipment_received' && ++told === 2);

  const held = await reconcile(engine, 'stock');
  expect(held).toMatchObject({ status: 'done', opened: 0, undecided: 0, agreeing: held.compared });

  // Somebody takes one more from that very shelf.
  const { location } = (await engine.events(key)).find(({ step }) => step === 'shipment_confirmed') ?? { location: '' };
  const shelf = simulator.stock.list('wms', location).find(({ sku }) => sku === line.sku)?.quantity ?? 0;
  const put = (quantity: number) => simulator.stock.correct('wms', location, line.sku, quantity);
  put(shelf - 1);
  expect(await reconcile(engine, 'stock')).toMatchObject({ opened: 1 });
  const lost = { kind: 'stock_wms', sku: line.sku, location, difference: '-1' };
  expect(await open()).toMatchObject([lost]);

  // A shelf that has what our books have is not right while they lack a parcel.
  const booked = (await stock.positions([line.sku])).find((at) => at.location === location)?.on_hand ?? 0;
  expect(booked).toBeGreaterThan(shelf);
  put(booked);
  expect(await reconcile(engine, 'stock')).toMatchObject({ healed: 0, undecided: 1 });
  put(shelf - 1);

  simulator.conditions.clearFaults();
  let confirmed = 0;
  await engine.until(
    key,
    ({ step, status }) => step === 'shipment_confirmed' && status === 'completed' && ++confirmed === 2,
  );
  expect(await reconcile(engine, 'stock')).toMatchObject({ opened: 0, seen_again: 1, undecided: 0 });
  expect(await open()).toMatchObject([lost]);
  put(shelf);
  expect(await reconcile(engine, 'stock')).toMatchObject({ healed: 1, undecided: 0 });
}, 60_000);
