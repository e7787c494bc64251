import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { testEstate } from '../support/simulator.ts';

let estate: TestEngine;
/** Enough stores that a quarter of them is some. */
const withFewStores = (estate: Estate): Estate => ({
  ...estate,
  locations: estate.locations.filter(({ kind, id }) => kind !== 'store' || id <= 'store-040'),
});
beforeAll(async () => {
  // As many items as the master data of a test has.
  const traffic = { ordersPerDay: 0, storeIntervalMs: 500, scenario: 'store-offline' };
  estate = await startEngine({
    simulator: { catalogueSize: 5, traffic, estate: withFewStores(testEstate()) },
    estate: withFewStores,
  });
}, 60_000);
afterAll(() => estate.close());

test('simulated stores, some cut off for a while, are all settled for yesterday, each with one journal', async () => {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await estate.simulator.traffic.start();
  const stores = estate.estate.locations.filter(({ kind }) => kind === 'store').map(({ id }) => id);
  const kept = () => (estate.simulator.traffic.status()['stores'] as { kept: number }).kept;
  await expect.poll(kept, { timeout: 20_000 }).toBeGreaterThan(10);
  estate.simulator.traffic.setScenario('normal');

  const outcomes = await Promise.all(
    stores.map(async (store) => {
      const key = transactionKey('store-batches', `${store}-${yesterday}`);
      const events = await estate.until(
        key,
        // One day in a hundred is ended with a wrong figure.
        ({ step, status }) => step === 'close_day' || (step === 'reconcile_takings' && status === 'quarantined'),
        'store_settlement',
      );
      return { key, last: events.at(-1), posted: events.some(({ attributes }) => 'document_number' in attributes) };
    }),
  );
  const { journalEntries } = estate.simulator.state('netsuite')['netsuite'] as {
    journalEntries: { externalId: string }[];
  };
  expect(journalEntries.map(({ externalId }) => externalId).sort()).toEqual(
    outcomes.flatMap(({ key, posted }) => (posted ? [`day-${key}`] : [])).sort(),
  );
  expect(outcomes.filter(({ posted }) => posted).length).toBeGreaterThan(stores.length / 2);
  expect(outcomes.flatMap(({ last }) => (last?.status === 'quarantined' ? [last.error_code] : []))).not.toContain(
    'takings_differ',
  );
}, 90_000);
