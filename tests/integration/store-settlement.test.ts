import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { StoreBatch } from '#contracts/v1/store.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { posLogOf } from '../support/poslog.ts';
import { batchOf, DAY, postBatch, postPosLog, receipt } from '../support/stores.ts';

let estate: TestEngine;
let sku: string;
beforeAll(async () => {
  estate = await startEngine();
  sku = estate.simulator.catalogue.active[0]?.sku ?? '';
}, 60_000);
afterAll(() => estate.close());

interface Entry {
  externalId: string;
  subsidiary: string;
  date: string;
  lines: { account: string; debit?: number; credit?: number }[];
}

const keyOf = (store: string) => transactionKey('store-batches', `${store}-${DAY}`);
const closed = ({ step, status }: StepEvent) => step === 'close_day' && status === 'completed';
const untilClosed = (store: string) => estate.until(keyOf(store), closed, 'store_settlement');
const journalsOf = (store: string): Entry[] =>
  (estate.simulator.state('netsuite')['netsuite'] as { journalEntries: Entry[] }).journalEntries.filter(
    ({ externalId }) => externalId === `day-${keyOf(store)}`,
  );
const completed = (events: StepEvent[], step: string) =>
  events.filter((event) => event.step === step && event.status === 'completed');
const sequences = (events: StepEvent[]) =>
  completed(events, 'batch_received').map(({ attributes }) => attributes['sequence']);

/** A day of three batches: 21.78 in cash twice, once by card, and one return of the card's. */
const dayOf = (store: string, rest: Partial<StoreBatch> = {}): [StoreBatch, StoreBatch, StoreBatch] => [
  batchOf(store, 1, { transactions: [receipt('1', sku, 'cash')], backlog: 2 }),
  batchOf(store, 2, { transactions: [receipt('2', sku, 'card'), receipt('3', sku, 'cash')], backlog: 1 }),
  batchOf(store, 3, {
    transactions: [receipt('4', sku, 'card'), receipt('5', sku, 'card', 'return')],
    end_of_day: {
      first_sequence: 1,
      takings: [
        { tender: 'cash', amount: '43.56' },
        { tender: 'card', amount: '21.78' },
      ],
      tax: '5.34',
      counted_cash: '43.50',
    },
    ...rest,
  }),
];

test('batches out of order and twice are taken once each, in order, and the day is one balanced journal', async () => {
  const [first, second, third] = dayOf('store-001');
  for (const batch of [third, second, second, first, first]) await postBatch(estate, batch);
  const events = await untilClosed('store-001');
  expect(sequences(events)).toEqual(['1', '2', '3']);
  const [entry, ...more] = journalsOf('store-001');
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ subsidiary: '2', date: DAY });
  const cents = (side: 'debit' | 'credit') =>
    (entry?.lines ?? []).reduce((sum, line) => sum + Math.round(Number(line[side] ?? 0) * 100), 0);
  expect(cents('debit')).toBe(cents('credit'));
  expect(entry?.lines.map(({ account, debit, credit }) => [account, Number(debit ?? 0) - Number(credit ?? 0)])).toEqual(
    [
      ['1000', 43.5],
      ['1110', 21.78],
      ['6190', 0.06],
      ['4010', 20],
      ['4000', -80],
      ['2200', -5.34],
    ],
  );
  const positions = await createStockClient(estate.nc, estate.estate).positions([sku]);
  expect(positions.find(({ location }) => location === 'store-001')?.on_hand).toBe(-3);
}, 60_000);

test('what a store sends again after its day is told and changes nothing; more than was settled is a case', async () => {
  const day = dayOf('store-002');
  for (const batch of day) await postBatch(estate, batch);
  await untilClosed('store-002');
  await postBatch(estate, { ...day[1], backlog: 5 });
  const again = await estate.until(keyOf('store-002'), ({ step }) => step === 'batch_repeated', 'store_settlement');
  expect(again.at(-1)).toMatchObject({ status: 'superseded', location: 'store-002' });
  const late = await postBatch(estate, batchOf('store-002', 4, { transactions: [receipt('9', sku, 'cash')] }));
  expect(await stopOf(late)).toMatchObject({ error_code: 'day_is_closed', error_path: '/business_date' });
  const other = await postBatch(estate, { ...day[0], transactions: [] });
  expect(await stopOf(other)).toMatchObject({ error_code: 'sequence_reused', error_path: '/sequence' });
  expect(journalsOf('store-002')).toHaveLength(1);
}, 60_000);

const messageKey = (seq: number) => transactionKey('store-batches', `intake-${seq}`);
async function stopOf(seq: number): Promise<StepEvent | undefined> {
  const events = await estate.until(messageKey(seq), ({ status }) => status === 'quarantined', 'store_settlement');
  return events.at(-1);
}

test('stores that come back at once with all they kept are settled, each by its own day', async () => {
  const stores = ['store-003', 'store-004', 'store-005', 'store-006'];
  const kept = stores.flatMap((store) => dayOf(store));
  // The forwarder of the stores opens many connections at once, so that nothing keeps their order.
  await Promise.all(kept.reverse().map((batch) => postBatch(estate, batch)));
  for (const store of stores) {
    expect(sequences(await untilClosed(store))).toEqual(['1', '2', '3']);
    expect(journalsOf(store)).toHaveLength(1);
  }
}, 60_000);

test('a batch that does not read is a case of its own, and the day waits for its correction alone', async () => {
  const [first, second, third] = dayOf('store-007');
  const [sale] = second.transactions;
  if (sale === undefined) throw new Error('a batch without a sale');
  const wrong = { ...second, transactions: [{ ...sale, tenders: [{ tender: 'cash', amount: '21.70' }] }] };
  await postBatch(estate, first);
  const stop = await stopOf(await postBatch(estate, wrong));
  expect(stop).toMatchObject({ error_class: 'totals', error_path: '/transactions/0/tenders' });
  await postBatch(estate, third);
  await estate.until(keyOf('store-007'), ({ attributes }) => attributes['end_of_day'] === 'true', 'store_settlement');
  await correct(stop, second);
  const events = await untilClosed('store-007');
  expect(sequences(events)).toEqual(['1', '3', '2']);
  expect(journalsOf('store-007')).toHaveLength(1);
}, 60_000);

const actor = { id: 'olga', roles: ['operations' as const, 'support' as const] };
async function correct(
  stop: StepEvent | undefined,
  batch: StoreBatch,
  write: (batch: StoreBatch) => string = JSON.stringify,
): Promise<void> {
  if (stop === undefined) throw new Error('nothing stopped');
  const case_id = stop.case_id;
  const payload = write(batch);
  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor,
    case_id,
    revision: 1,
    payload,
    reason: 'counted again',
  });
  await commandOf(estate.nc, 'case.replay', { actor, case_id, revision: fixed.case?.revision ?? 0 });
}

test('takings that the receipts do not come to stop the day with the field named; corrected, it is posted', async () => {
  const day = dayOf('store-008');
  const end = day[2].end_of_day;
  if (end === undefined) throw new Error('a day without its end');
  const wrong: StoreBatch = { ...day[2], end_of_day: { ...end, tax: '5.43' } };
  for (const batch of [day[0], day[1], wrong]) await postBatch(estate, batch);
  const events = await estate.until(keyOf('store-008'), ({ status }) => status === 'quarantined', 'store_settlement');
  const stop = events.at(-1);
  expect(stop).toMatchObject({ step: 'reconcile_takings', error_code: 'tax_differs', error_path: '/end_of_day/tax' });
  expect(journalsOf('store-008')).toEqual([]);
  await correct(stop, day[2]);
  await untilClosed('store-008');
  expect(journalsOf('store-008')).toHaveLength(1);
}, 60_000);

test('an answer that is lost is looked up: one journal, however often it was tried', async () => {
  estate.simulator.conditions.setFault('netsuite', 'lost_answer', 1);
  for (const batch of dayOf('store-009')) await postBatch(estate, batch);
  await estate.until(
    keyOf('store-009'),
    ({ step, status }) => step === 'erp_post_journal' && status === 'retrying',
    'store_settlement',
  );
  estate.simulator.conditions.clearFaults('netsuite');
  await untilClosed('store-009');
  expect(journalsOf('store-009')).toHaveLength(1);
}, 60_000);

test('of a franchise nothing is posted, of a concession the commission', async () => {
  for (const store of ['store-023', 'store-024']) for (const batch of dayOf(store)) await postBatch(estate, batch);
  const franchise = await untilClosed('store-023');
  expect(franchise.find(({ step }) => step === 'erp_post_journal')).toMatchObject({ status: 'skipped' });
  await untilClosed('store-024');
  expect(journalsOf('store-023')).toEqual([]);
  expect(
    journalsOf('store-024')[0]?.lines.map(({ account, debit, credit }) => [
      account,
      Number(debit ?? 0) - Number(credit ?? 0),
    ]),
  ).toEqual([
    ['1130', 10.8],
    ['4100', -10.8],
  ]);
}, 60_000);

test('POSLog is settled as JSON is, and corrected as what it is', async () => {
  const [first, second, third] = dayOf('store-010');
  const [sale] = second.transactions;
  if (sale === undefined) throw new Error('a batch without a sale');
  const wrong = {
    ...second,
    transactions: [{ ...sale, lines: sale.lines.map((line) => ({ ...line, sku: 'NOBODY' })) }],
  };
  await postPosLog(estate, posLogOf(first));
  const stop = await stopOf(await postPosLog(estate, posLogOf(wrong)));
  expect(stop).toMatchObject({ error_code: 'unknown_sku', error_path: '/transactions/0/lines/0/sku' });
  const broken = await stopOf(await postPosLog(estate, posLogOf(third).replace('</POSLog>', '')));
  expect(broken).toMatchObject({ error_code: 'malformed_xml' });
  await postPosLog(estate, posLogOf(third));
  await correct(stop, second, posLogOf);
  await untilClosed('store-010');
  expect(journalsOf('store-010')).toHaveLength(1);
}, 60_000);
