import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeTakings } from '#app/queries/stores.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { StoreBatch, TillTransaction } from '#contracts/v1/store.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { ledgers, marketPayment, openMarketplace, untilReturn } from '../support/returns.ts';
import { batchOf, DAY, postBatch, receipt } from '../support/stores.ts';

/** Orders of a marketplace that come back to the tills of stores of the same company. */
let landed: LandedEstate;
let market: Awaited<ReturnType<typeof openMarketplace>>;
let sku: string;
beforeAll(async () => {
  landed = await startLandedEstate({
    estate: (estate) => ({ ...estate, policies: { ...estate.policies, hold_early_signals_s: 1 } }),
  });
  market = await openMarketplace(landed.estate);
  sku = landed.estate.simulator.catalogue.active[0]?.sku ?? '';
}, 120_000);
afterAll(() => landed.close(), 60_000);

const ONE_UNIT = '37.02';

/** One unit of a marketplace's order comes back: 30.01 and 7.01 of tax, of which the till pays out what `tenders` say. */
const backAtTill = (
  id: string,
  order: string,
  tenders: TillTransaction['tenders'],
  line: Partial<TillTransaction['lines'][number]> = {},
): TillTransaction => ({
  id,
  kind: 'return',
  at: `${DAY}T09:59:00.000Z`,
  lines: [
    {
      sku,
      quantity: 1,
      net: '30.01',
      taxes: [{ code: 'VAT', amount: '7.01' }],
      reason_code: 'too_small',
      condition: 'sellable',
      ...line,
    },
  ],
  tenders,
  online_order: { channel: 'marketplace', order },
});
const inCash = [{ tender: 'cash' as const, amount: ONE_UNIT }];

/** A whole day in one batch; nothing lies in its drawer. @param cash what its receipts come to. @param tax of its own sales */
const dayOf = (store: string, transactions: TillTransaction[], cash: string, tax: string): StoreBatch =>
  batchOf(store, 1, {
    currency: 'GBP',
    transactions,
    end_of_day: { first_sequence: 1, takings: [{ tender: 'cash', amount: cash }], tax, counted_cash: '0.00' },
  });

const returnKey = (store: string, id: string, batch = `${DAY}.1`) =>
  transactionKey('store-batches', `return-${store}.${batch}.${id}`);
const dayKey = (store: string) => transactionKey('store-batches', `${store}-${DAY}`);
const untilClosed = (store: string) =>
  landed.estate.until(dayKey(store), ({ step }) => step === 'close_day', 'store_settlement');
const onHand = async (store: string) => {
  const positions = await createStockClient(landed.estate.nc, landed.estate.estate).positions([sku]);
  return positions.find(({ location }) => location === store)?.on_hand;
};

interface Entry {
  externalId: string;
  lines: { account: string; debit?: number; credit?: number }[];
}
/** What a store's day moves, by NetSuite's account. */
function journalOf(store: string): [string, number][] {
  const { journalEntries } = landed.estate.simulator.state('netsuite')['netsuite'] as { journalEntries: Entry[] };
  const [entry, ...more] = journalEntries.filter(({ externalId }) => externalId === `day-${dayKey(store)}`);
  expect(more).toEqual([]);
  return (entry?.lines ?? []).map(({ account, debit, credit }) => [account, Number(debit ?? 0) - Number(credit ?? 0)]);
}
const attributesOf = (events: StepEvent[], step: string) => events.findLast((event) => event.step === step)?.attributes;

test('what a till pays out for an online order is not paid again: the order is credited, the day balances over clearing', async () => {
  await market.order('SO-1');
  const day = dayOf('store-035', [receipt('1', sku, 'cash'), backAtTill('2', 'SO-1', inCash)], '-15.24', '1.78');
  for (const batch of [day, day]) await postBatch(landed.estate, batch);
  await untilClosed('store-035');
  const key = returnKey('store-035', '2');
  const events = await untilReturn(landed.estate, key, 'close');

  const { refundsOf, creditsOf } = ledgers(landed.estate);
  expect(refundsOf(marketPayment('SO-1'))).toEqual([]);
  expect(creditsOf(key).map(({ total, currency }) => [total, currency])).toEqual([[Number(ONE_UNIT), 'GBP']]);
  expect(events.map(({ step }) => step)).not.toContain('refund_payment');
  expect(attributesOf(events, 'disposition')).toMatchObject({ restock: '1' });
  expect(events.filter(({ step, status }) => step === 'authorise' && status === 'completed')).toHaveLength(1);
  // Sold one, taken one back.
  expect(await onHand('store-035')).toBe(0);
  // More was paid out than taken: the drawer holds less than nothing, and so more than it should.
  expect(journalOf('store-035')).toEqual([
    ['6190', -15.24],
    ['4000', -20],
    ['2200', -1.78],
    ['1150', 37.02],
  ]);

  await landed.untilLanded();
  const taken = await runQuery(landed.store.clickhouse, storeTakings, {
    since: `${DAY}T00:00:00.000Z`,
    date: DAY,
    tenders: ['cash'],
  });
  expect(taken).toMatchObject([{ legal_entity: 'uk-retail', ownership: 'owned', money: 'GBP', amount: '-15.24' }]);
}, 120_000);

test('where the till pays nothing the money goes back the way it came, once; what is damaged is scrapped', async () => {
  await market.order('SO-2');
  await postBatch(
    landed.estate,
    dayOf(
      'store-036',
      [backAtTill('1', 'SO-2', [], { reason_code: 'defective', condition: 'damaged' })],
      '0.00',
      '0.00',
    ),
  );
  const key = returnKey('store-036', '1');
  const events = await untilReturn(landed.estate, key, 'close');
  await untilClosed('store-036');
  const { refundsOf, creditsOf } = ledgers(landed.estate);
  expect(refundsOf(marketPayment('SO-2')).map(({ amount }) => amount)).toEqual([3702]);
  expect(creditsOf(key).map(({ total }) => total)).toEqual([Number(ONE_UNIT)]);
  expect(attributesOf(events, 'disposition')).toMatchObject({ restock: '0', scrap: '1' });
  expect((await onHand('store-036')) ?? 0).toBe(0);
  expect(journalOf('store-036')).toEqual([]);
}, 120_000);

test('a franchise is owed what its till paid out; an order that nobody knows is a case, and holds up no day', async () => {
  await market.order('SO-3');
  await postBatch(
    landed.estate,
    dayOf('store-291', [backAtTill('1', 'SO-3', inCash), backAtTill('2', 'SO-404', inCash)], '-74.04', '0.00'),
  );
  await untilReturn(landed.estate, returnKey('store-291', '1'), 'close');
  await untilClosed('store-291');
  expect(journalOf('store-291')).toEqual([
    ['1150', 74.04],
    ['1140', -74.04],
  ]);
  const stopped = await untilReturn(landed.estate, returnKey('store-291', '2'), 'authorise', 'quarantined');
  expect(stopped.at(-1)).toMatchObject({ error_code: 'unknown_order', error_path: '/receipt/online_order/order' });
}, 120_000);

test('a number that a till gives another receipt, the next batch or the next day, is another return', async () => {
  await market.order('SO-4');
  const taken = (sequence: number, business_date: string) =>
    batchOf('store-037', sequence, {
      business_date,
      currency: 'GBP',
      transactions: [backAtTill('1', 'SO-4', inCash)],
    });
  const next = '2026-03-03';
  for (const batch of [taken(1, DAY), taken(2, DAY), taken(3, next)]) await postBatch(landed.estate, batch);
  const keys = [`${DAY}.1`, `${DAY}.2`, `${next}.3`].map((batch) => returnKey('store-037', '1', batch));
  for (const key of keys) {
    await untilReturn(landed.estate, key, 'close');
    expect(
      ledgers(landed.estate)
        .creditsOf(key)
        .map(({ total }) => total),
    ).toEqual([Number(ONE_UNIT)]);
  }
}, 120_000);
