import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { Decimal, fromMinorUnits, sumAmounts } from '#sync-engine/money.ts';
import { type TradingWeek, tradeForAWeek } from '../support/trading-week.ts';

/**
 * A week of trade in which everything goes wrong that the simulated estate can do. What was captured, invoiced, taken in
 * stores, paid out, refunded and credited is added up twice: from the raw events or what was sent, and from what each
 * simulated system holds.
 */
const RETURNS = 8;

interface Document {
  externalId: string;
  total: number;
  subsidiary: string;
  currency: string;
}
interface Entry {
  externalId: string;
  subsidiary: string;
  lines: { account: string; debit: number; credit: number }[];
}
interface Books {
  salesOrders: (Document & { cancelled: boolean })[];
  invoices: Document[];
  creditMemos: Document[];
  journalEntries: Entry[];
  double_invoices_refused: number;
}
interface ShopOrder {
  authorised: string | null;
  captured: string;
  refunded: string;
  refused_captures: number;
  id: string;
}

let week: TradingWeek;
beforeAll(async () => {
  week = await tradeForAWeek({ returns: RETURNS });
}, 420_000);
afterAll(() => week.close());

const stateOf = (id: string) => week.engine.simulator.state(id)[id] as unknown;
const shop = (id: string) => (stateOf(id) as { orders: ShopOrder[] }).orders;
const stripe = () =>
  stateOf('stripe') as {
    intents: { currency: string; captured: number; refused_captures: number }[];
    refunds: { currency: string; amount: number }[];
    refused_refunds: number;
  };
const done = (flow: Flow, step: string) =>
  week.events.filter((event) => event.flow === flow && event.step === step && event.status === 'completed');

/** The documents of every ERP, each with the company that it is of. */
function booked<K extends 'salesOrders' | 'invoices' | 'creditMemos' | 'journalEntries'>(kind: K) {
  return ['netsuite', 'netsuite-uk'].flatMap((erp) => {
    const documents = (stateOf(erp) as Books)[kind] as Books[K][number][];
    return documents.map((document) => ({ ...document, erp, entity: entityOf(erp, document.subsidiary) }));
  });
}
const entityOf = (erp: string, subsidiary: string): string =>
  week.engine.estate.legal_entities.find((entity) =>
    [entity, ...(entity.moves ?? [])].some((books) => books.erp === erp && books.erp_subsidiary === subsidiary),
  )?.id ?? `${erp} ${subsidiary}`;

/** Sums by group, to the last digit. */
function sums<T>(items: readonly T[], groupOf: (item: T) => string, amountOf: (item: T) => string) {
  const groups = new Map<string, string[]>();
  for (const item of items) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), amountOf(item)]);
  return Object.fromEntries(
    [...groups].map(([group, amounts]) => [group, new Decimal(sumAmounts(amounts)).toFixed(2)]),
  );
}
const byEntity = ({ entity, currency }: { entity: string; currency: string }) => `${entity} ${currency}`;
const total = ({ total: amount }: { total: number }) => amount.toFixed(2);
const toldByEntity = (flow: Flow, step: string) =>
  sums(
    done(flow, step),
    (event) => `${event.legal_entity} ${event.currency}`,
    (event) => event.amount,
  );

describe('the orders of the week', () => {
  test('came in for every company and currency', () => {
    expect(Object.keys(toldByEntity('order_to_cash', 'erp_post_invoice')).sort()).toEqual([
      'eu-retail EUR',
      'uk-retail GBP',
      'us-retail USD',
    ]);
  });

  test('are in the books as they were invoiced, by company and currency, each once in one ERP', () => {
    const invoices = booked('invoices');
    expect(sums(invoices, byEntity, total)).toEqual(toldByEntity('order_to_cash', 'erp_post_invoice'));
    for (const documents of [booked('salesOrders'), invoices])
      expect(new Set(documents.map(({ externalId }) => externalId)).size).toBe(documents.length);
    for (const erp of ['netsuite', 'netsuite-uk']) expect((stateOf(erp) as Books).double_invoices_refused).toBe(0);
  });

  test('of the company that moved are in the books that were in force when they were placed', () => {
    const placed = new Map(week.events.map(({ key, occurred_at }) => [key, occurred_at]));
    const moved = booked('salesOrders').filter(({ entity }) => entity === 'uk-retail');
    const wrong = moved.filter(({ externalId, erp }) => {
      const key = [...placed.keys()].find((one) => externalId.endsWith(one)) ?? '';
      return erp !== ((placed.get(key) ?? '') >= week.movedAt ? 'netsuite-uk' : 'netsuite');
    });
    expect(wrong).toEqual([]);
    expect(new Set(moved.map(({ erp }) => erp)).size).toBe(2);
  });

  test('were paid by each channel’s customers as captured, and the settled ones exactly as agreed', () => {
    const told = sums(
      done('order_to_cash', 'capture_payment'),
      ({ channel }) => channel,
      ({ amount }) => amount,
    );
    expect({
      'web-us': sumAmounts(shop('shopify-us').map(({ captured }) => captured)),
      'web-eu': sumAmounts(shop('shopify-eu').map(({ captured }) => captured)),
      marketplace: sumAmounts(stripe().intents.map(({ captured }) => fromMinorUnits(String(captured), 'GBP'))),
    }).toEqual(told);
    const settled = new Set(done('order_to_cash', 'settle').map(({ key }) => key));
    for (const id of ['shopify-us', 'shopify-eu'])
      for (const order of shop(id)) {
        expect(order.refused_captures).toBe(0);
        if (settled.has(`${id}==${order.id}`)) expect(order.captured).toBe(order.authorised ?? '0.00');
      }
  });
});

describe('what went back to customers', () => {
  const credits = () => done('return_to_refund', 'erp_post_credit');
  const group = ({ legal_entity, currency }: StepEvent) => `${legal_entity} ${currency}`;
  const amount = (event: StepEvent) => event.amount;

  test('is in the books as it was credited, by company and currency', () => {
    expect(done('return_to_refund', 'close').length).toBeGreaterThanOrEqual(RETURNS);
    expect(sums(booked('creditMemos'), byEntity, total)).toEqual(sums(credits(), group, amount));
  });

  test('is what was credited, but for what a marketplace gave back by itself', () => {
    const ours = sums(
      credits().filter(({ channel }) => channel !== 'amazon-us'),
      group,
      amount,
    );
    const back = {
      'us-retail USD': sumAmounts(shop('shopify-us').map(({ refunded }) => refunded)),
      'eu-retail EUR': sumAmounts(shop('shopify-eu').map(({ refunded }) => refunded)),
      'uk-retail GBP': sumAmounts(stripe().refunds.map((refund) => fromMinorUnits(String(refund.amount), 'GBP'))),
    };
    for (const [one, given] of Object.entries(back)) expect(new Decimal(given).toFixed(2)).toBe(ours[one] ?? '0.00');
    expect(stripe().refused_refunds).toBe(0);
  });
});

describe('stores, some of them cut off for a while', () => {
  /** Where tenders and what the drawers were short of go; by account of config/estate.yaml. */
  const taken = new Set(['1000', '1110', '2210', '6190']);
  const net = (lines: Entry['lines'], wanted: (account: string) => boolean) =>
    lines
      .filter(({ account }) => wanted(account))
      .reduce((sum, { debit, credit }) => sum.plus(debit).minus(credit), new Decimal(0));

  test('of every day that was closed, the books hold what the receipts say, by company and currency', () => {
    const closed = new Set(done('store_settlement', 'close_day').map(({ key }) => key));
    const owned = new Map(
      week.engine.estate.locations.flatMap((location) =>
        location.kind === 'store' && (location.store?.ownership ?? 'owned') === 'owned'
          ? [[location.id, location]]
          : [],
      ),
    );
    const dayOf = ({ store, business_date }: { store: string; business_date: string }) =>
      transactionKey('store-batches', `${store}-${business_date}`);
    const days = week.batches.filter((batch) => closed.has(dayOf(batch)) && owned.has(batch.store));
    const receipts = days.flatMap(({ store, currency, transactions }) =>
      transactions.map(({ kind, tenders }) => ({
        group: `${owned.get(store)?.legal_entity} ${currency}`,
        amount: new Decimal(sumAmounts(tenders.map(({ amount }) => amount))).times(kind === 'sale' ? 1 : -1).toFixed(2),
      })),
    );
    const keys = new Set(days.map(dayOf));
    const entries = booked('journalEntries').filter(({ externalId }) => keys.has(externalId.replace(/^day-/, '')));
    const currencyOf = (id: string) => week.engine.estate.legal_entities.find((entity) => entity.id === id)?.currency;
    const inBooks = sums(
      entries,
      ({ entity }) => `${entity} ${currencyOf(entity)}`,
      ({ lines }) => net(lines, (account) => taken.has(account)).toFixed(2),
    );
    expect(keys.size).toBeGreaterThan(owned.size / 2);
    expect(entries).toHaveLength(keys.size);
    expect(inBooks).toEqual(
      sums(
        receipts,
        ({ group }) => group,
        ({ amount }) => amount,
      ),
    );
    for (const { lines } of entries) expect(net(lines, () => true).toFixed(2)).toBe('0.00');
  });

  test('none of their batches is lost or taken twice', () => {
    const received = done('store_settlement', 'batch_received').map(
      ({ key, attributes }) => `${key} ${attributes['sequence']}`,
    );
    expect(new Set(received).size).toBe(received.length);
    expect(received.length).toBe(week.batches.length);
  });
});

test('the marketplace’s payout is in the books as it was paid, and what it says otherwise is a case each', () => {
  const key = transactionKey('amazon', `payout-${week.payout}`);
  const [entry, ...more] = booked('journalEntries').filter(({ externalId }) => externalId === `payout-${key}`);
  expect(more).toEqual([]);
  const sides = (entry?.lines ?? []).reduce(
    (sum, { debit, credit }) => ({ debit: sum.debit.plus(debit), credit: sum.credit.plus(credit) }),
    { debit: new Decimal(0), credit: new Decimal(0) },
  );
  expect(sides.debit.toFixed(2)).toBe(sides.credit.toFixed(2));
  expect(entry?.entity).toBe('us-retail');
  const stopped = week.events.filter(
    ({ flow, key: of, status }) =>
      flow === 'marketplace_settlement' && of.startsWith(`${key}-`) && status === 'quarantined',
  );
  expect(stopped.map(({ error_code }) => error_code).sort()).toEqual(['order_unknown', 'payout_differs']);
});

test('no transaction ends in a failure that nobody is told of', () => {
  const last = new Map<string, StepEvent>();
  for (const event of week.events) last.set(`${event.flow} ${event.key}`, event);
  const open = [...last.values()].filter(({ deadline, status }) => deadline !== '' && status === 'failed');
  expect(open).toEqual([]);
});
