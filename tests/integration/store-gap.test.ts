import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { batchOf, DAY, postBatch, receipt } from '../support/stores.ts';

let estate: TestEngine;
beforeAll(async () => {
  estate = await startEngine({
    estate: (declared) => ({ ...declared, policies: { ...declared.policies, hold_early_signals_s: 1 } }),
  });
}, 60_000);
afterAll(() => estate.close());

test('a gap that does not close in time holds up none behind it, but its day waits for it', async () => {
  const sku = estate.simulator.catalogue.active[0]?.sku ?? '';
  const key = transactionKey('store-batches', `store-001-${DAY}`);
  const end = { first_sequence: 1, takings: [{ tender: 'cash' as const, amount: '21.78' }], tax: '1.78' };
  await postBatch(estate, batchOf('store-001', 1));
  await postBatch(estate, batchOf('store-001', 3, { end_of_day: { ...end, counted_cash: '21.78' } }));
  const next = transactionKey('store-batches', 'store-001-2026-03-03');
  await postBatch(estate, batchOf('store-001', 4, { business_date: '2026-03-03' }));
  await estate.until(next, ({ step }) => step === 'batch_received', 'store_settlement');
  const waiting = await estate.until(key, ({ attributes }) => attributes['end_of_day'] === 'true', 'store_settlement');
  expect(waiting.map(({ step }) => step)).not.toContain('reconcile_takings');

  await postBatch(estate, batchOf('store-001', 2, { transactions: [receipt('1', sku, 'cash')] }));
  const events = await estate.until(key, ({ step }) => step === 'close_day', 'store_settlement');
  expect(events.filter(({ attributes }) => 'document_number' in attributes)).toHaveLength(1);
}, 60_000);
