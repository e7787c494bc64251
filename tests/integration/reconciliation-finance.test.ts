import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FinancePlan, ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { readLast } from '#platform/nats/publish.ts';
import { Decimal } from '#sync-engine/money.ts';
import { commandOf } from '#tests/support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '#tests/support/engine.ts';
import { breaksOf, never, reconcile, storyOf } from '#tests/support/reconciliation.ts';
import { marketPayment, openMarketplace, postReceipt, untilReturn } from '#tests/support/returns.ts';
import { batchOf, DAY, postBatch, receipt } from '#tests/support/stores.ts';
import { transactionKey } from '#contracts/v1/key.ts';

/** Captures, refunds and postings of real orders, returns and a store's day, against what Stripe, Shopify and NetSuite list. */
const finance = { ...never, kind: 'finance' as const, tolerance: '0.00', lag_s: 0 };
const money: FinancePlan = { ...finance, id: 'money', name: 'Money', compare: ['captures', 'refunds'] };
const books: FinancePlan = { ...finance, id: 'books', name: 'Books', compare: ['postings'] };

let engine: TestEngine;
let market: Awaited<ReturnType<typeof openMarketplace>>;

interface Capture {
  chargeId: string;
  amount: number;
  created?: number;
}
interface Booked {
  id: string;
  externalId: string;
  type: string;
  total: number;
  subsidiary: string;
  createdAt: string;
}
const intents = () =>
  engine.simulator.store.collection<{ id: string; captures: Capture[]; captured: number }>('stripe.intents');
const booked = () => engine.simulator.store.collection<Booked>('netsuite.records');
const bookOf = (externalId: string): Booked => {
  const found = [...booked().values()].find((one) => one.externalId === externalId);
  if (found === undefined) throw new Error(`NetSuite has no ${externalId}`);
  return found;
};
const open = async (plan: string) =>
  (await breaksOf(engine)).filter((one) => one.status === 'open' && one.plan === plan).sort(byReference);
const byReference = (a: { reference: string }, b: { reference: string }) => (a.reference < b.reference ? -1 : 1);

async function shopOrder(id: number): Promise<string> {
  const [line] = orderDraft(engine.simulator, { id }).lines;
  if (line === undefined) throw new Error('an order without lines');
  const key = await engine.placeOrder({ id, lines: [line] });
  await engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
  return key;
}

beforeAll(async () => {
  engine = await startEngine({ estate: (estate) => ({ ...estate, reconciliations: [money, books] }) });
  market = await openMarketplace(engine);
}, 60_000);
afterAll(() => engine.close());

/** One unit comes back to the warehouse and is refunded by us; the shop refunds another one by itself. */
async function shopReturns(id: number): Promise<void> {
  const [line] = orderDraft(engine.simulator, { id }).lines;
  const order = transactionKey('shopify-us', String(id));
  const sent = { line_id: String(line?.id), sku: line?.sku, quantity: 1, condition: 'sellable' };
  const lines = [{ ...sent, reason_code: 'changed_mind' }];
  await postReceipt(engine, { reference: order, receipt_id: `R-${id}`, lines });
  await untilReturn(engine, transactionKey('wms-east', `return-R-${id}`), 'close');
  const { shops, refundDesks } = engine.simulator.systems;
  const { transactions } = shops.get('shopify-us')?.orders.get(String(id)) ?? {};
  const made = refundDesks.get('shopify-us')?.(String(id), {
    refund_line_items: [
      { line_item_id: line?.id, quantity: 1, restock_type: 'no_restock', subtotal: '19.99', total_tax: '0.00' },
    ],
    transactions: [{ parent_id: transactions?.find(({ kind }) => kind === 'capture')?.id, amount: '5.00' }],
  });
  const given = made !== undefined && 'id' in made ? made.id : 0;
  await untilReturn(engine, transactionKey('shopify-us', `return-${given}`), 'close');
}

/** Every event that completed a step of money, straight from the stream. */
async function completed(step: string): Promise<StepEvent[]> {
  const consumer = await engine.js.consumers.get(streams.steps, { filter_subjects: 'steps.>' });
  const end = (await readLast(engine.manager, streams.steps, subjects.allSteps))?.seq ?? 0;
  const found: StepEvent[] = [];
  for await (const message of await consumer.consume()) {
    const event = message.json<StepEvent>();
    if (event.step === step && event.status === 'completed') found.push(event);
    if (message.seq >= end) break;
  }
  return found;
}
const sum = (events: readonly StepEvent[], system: string, currency: string): string =>
  events
    .filter((event) => event.system === system && event.currency === currency)
    .reduce((total, { amount }) => total.plus(amount), new Decimal(0))
    .toFixed(2);
const grouped = (run: ReconciliationRun, subject: string, system: string, currency: string) => {
  const groups = run.groups.filter(
    (one) => one.subject === subject && one.system === system && one.currency === currency,
  );
  const add = (side: 'ours' | 'theirs') =>
    groups.reduce((total, one) => total.plus(one[side]), new Decimal(0)).toFixed(2);
  return { ours: add('ours'), theirs: add('theirs') };
};

describe('a period of orders, returns and a store’s day', () => {
  let keys: string[];
  let returned: string;

  async function trade(): Promise<void> {
    keys = [await shopOrder(71_001), await shopOrder(71_002)];
    keys.push(await market.order('HM-71001'), await market.order('HM-71002'), await market.order('HM-71003'));
    const orderKey = keys.at(-1) ?? '';
    returned = await market.request('RMA-71003', 'HM-71003', [
      { line_id: 'L1', quantity: 1, reason_code: 'changed_mind' },
    ]);
    await untilReturn(engine, returned, 'authorise');
    await shopReturns(71_002);
    const [item] = engine.simulator.catalogue.active;
    await postReceipt(engine, {
      reference: orderKey,
      return_number: 'RMA-71003',
      lines: [{ line_id: 'L1', sku: item?.sku, quantity: 1, condition: 'sellable', reason_code: 'changed_mind' }],
    });
    await untilReturn(engine, returned, 'close');
    await postBatch(
      engine,
      batchOf('store-001', 1, {
        transactions: [receipt('1', item?.sku ?? '', 'cash')],
        end_of_day: {
          first_sequence: 1,
          takings: [{ tender: 'cash', amount: '21.78' }],
          tax: '1.78',
          counted_cash: '21.78',
        },
      }),
    );
    await engine.until(
      transactionKey('store-batches', `store-001-${DAY}`),
      ({ step, status }) => step === 'close_day' && status === 'completed',
      'store_settlement',
    );
  }

  test('agrees to the cent by channel, method and settlement source, as the raw events have it', async () => {
    await trade();
    const run = await reconcile(engine, 'money');
    expect(run).toMatchObject({ status: 'done', compared: 8, agreeing: 8, opened: 0 });
    const captures = await completed('capture_payment');
    for (const [system, currency] of [
      ['shopify-us', 'USD'],
      ['stripe', 'GBP'],
    ] as const) {
      const total = sum(captures, system, currency);
      expect(Number(total)).toBeGreaterThan(0);
      expect(grouped(run, 'capture', system, currency)).toEqual({ ours: total, theirs: total });
    }
    const refunds = sum(await completed('refund_payment'), 'stripe', 'GBP');
    expect(grouped(run, 'refund', 'stripe', 'GBP')).toEqual({ ours: refunds, theirs: refunds });
    // One refund of ours, and the 5.00 that the shop gave by itself.
    const ours = sum(await completed('refund_payment'), 'shopify-us', 'USD');
    const both = new Decimal(ours).plus(5).toFixed(2);
    expect(grouped(run, 'refund', 'shopify-us', 'USD')).toEqual({ ours: both, theirs: both });
    expect(run.groups.find(({ system }) => system === 'shopify-us')).toMatchObject({
      channel: 'web-us',
      method: 'shopify_payments',
      legal_entity: 'us-retail',
      compared: 2,
    });
    const events = await engine.events(run.key, 'reconciliation');
    expect(events.map(({ step }) => step)).toEqual([
      'begin_run',
      ...Array.from({ length: 3 }, () => 'read_payments'),
      'read_orders',
      'compare_money',
      'settle_breaks',
      'finish_run',
    ]);
  });

  test('is in the books once: invoices, the credit memo and the journal, by legal entity', async () => {
    const run = await reconcile(engine, 'books');
    expect(run).toMatchObject({ status: 'done', compared: 9, agreeing: 9, opened: 0 });
    const invoices = await completed('erp_post_invoice');
    for (const [entity, currency] of [
      ['us-retail', 'USD'],
      ['uk-retail', 'GBP'],
    ] as const) {
      const own = invoices.filter(({ legal_entity }) => legal_entity === entity);
      const total = sum(own, 'netsuite', currency);
      expect(grouped(run, 'invoice', 'netsuite', currency)).toEqual({ ours: total, theirs: total });
    }
    const bySubject = (subject: string) => run.groups.filter((one) => one.subject === subject);
    expect(bySubject('credit_memo')).toMatchObject([
      { legal_entity: 'uk-retail', compared: 1, agreeing: 1 },
      { legal_entity: 'us-retail', compared: 2, agreeing: 2 },
    ]);
    expect(bySubject('journal')).toMatchObject([{ legal_entity: 'us-retail', ours: '21.78', theirs: '21.78' }]);
  });

  test('breaks where a payment system has it otherwise, and heals once it has it right', async () => {
    const [first, second, third] = ['HM-71001', 'HM-71002', 'HM-71003'].map((id) => intents().get(marketPayment(id)));
    if (first === undefined || second === undefined || third === undefined) throw new Error('no payments');
    const [whole] = first.captures;
    const lost = second.captures.splice(0);
    if (whole === undefined) throw new Error('nothing was captured');
    whole.amount -= 5;
    third.captures.push({ chargeId: 'ch_nobody', amount: 700, created: Math.floor(Date.now() / 1000) });
    const run = await reconcile(engine, 'money');
    expect(run.status).toBe('done');
    const found = await open('money');
    expect(found.map(({ kind, reference, difference, currency }) => [kind, reference, difference, currency])).toEqual(
      [
        ['capture_amount', whole.chargeId, '-0.05', 'GBP'],
        ['capture_missing', lost[0]?.chargeId, '-116.05', 'GBP'],
        ['capture_unknown', 'ch_nobody', '7.00', 'GBP'],
      ].sort((a, b) => (String(a[1]) < String(b[1]) ? -1 : 1)),
    );
    expect(found.find(({ kind }) => kind === 'capture_missing')).toMatchObject({
      domain: 'accounting',
      channel: 'marketplace',
      legal_entity: 'uk-retail',
      business_key: 'HM-71002',
      key: keys[3],
      sides: [
        { side: 'syncline', figure: '116.05' },
        { side: 'payments', system: 'stripe', figure: '' },
      ],
    });
    whole.amount += 5;
    second.captures.push(...lost);
    third.captures.pop();
    expect(await reconcile(engine, 'money')).toMatchObject({ healed: 3, opened: 0 });
    expect(await open('money')).toEqual([]);
    const story = await storyOf(engine, found[0]?.break_id ?? '');
    expect(story.map(({ type }) => type)).toEqual(['opened', 'healed']);
  });

  test('breaks on what was exchanged as it was paid, whatever the digits of the rate leave open', async () => {
    const stripe = engine.simulator.systems.stripes.get('stripe');
    // Told as 0.006712, which makes 2,013.60 dollars of what was settled as 2,013.75.
    stripe?.settleIn('jpy', { currency: 'usd', rate: 0.0067125 });
    stripe?.authorise('pi_yen', 300_000, 'JPY');
    stripe?.byHand.capture('pi_yen', 300_000);
    await reconcile(engine, 'money');
    const [found] = (await open('money')).filter(({ currency }) => currency === 'JPY');
    expect(found).toMatchObject({ kind: 'capture_unknown', difference: '300000.00' });
    intents().delete('pi_yen');
    await reconcile(engine, 'money');
    expect(await open('money')).toEqual([]);
  });

  test('breaks where the books have another amount or entity, nothing, or what nobody posted', async () => {
    const [a = '', b = '', c = '', d = ''] = keys.map((key) => `inv-${key}`);
    const [amount, entity, gone] = [bookOf(a), bookOf(b), bookOf(c)];
    amount.total += 1;
    entity.subsidiary = '4';
    booked().delete(gone.id);
    const stray: Booked = { ...bookOf(d), id: '999999', externalId: 'inv-shopify-us==404' };
    booked().put(stray.id, { ...stray, createdAt: new Date().toISOString() });
    await reconcile(engine, 'books');
    const found = await open('books');
    expect(found.map(({ kind, reference, difference }) => [kind, reference, difference])).toEqual(
      [
        ['posting_amount', a, '1.00'],
        ['posting_entity', b, '0.00'],
        ['posting_missing', c, `-${gone.total.toFixed(2)}`],
        ['posting_unknown', stray.externalId, stray.total.toFixed(2)],
      ].sort((x, y) => (String(x[1]) < String(y[1]) ? -1 : 1)),
    );
    const one = found.find(({ kind }) => kind === 'posting_unknown');
    const on = { break_id: one?.break_id ?? '', revision: one?.revision ?? 0, reason: 'Posted by hand' };
    const operations = { id: 'olga', roles: ['operations' as const] };
    expect(await requestCommand(engine.nc, 'break.close', { ...on, actor: operations })).toMatchObject({
      ok: false,
      error: { code: 'forbidden', message: expect.stringContaining('breaks.settle') as string },
    });
    const fay = { id: 'fay', roles: ['finance' as const] };
    await commandOf(engine.nc, 'break.close', { ...on, actor: fay, document_number: 'JE-9' });
    const explained = found.find(({ kind }) => kind === 'posting_amount');
    const explaining = { break_id: explained?.break_id ?? '', revision: explained?.revision ?? 0, reason: 'Rounded' };
    await commandOf(engine.nc, 'break.close', { ...explaining, actor: fay });
    amount.total -= 1;
    entity.subsidiary = '2';
    booked().put(gone.id, gone);
    expect(await reconcile(engine, 'books')).toMatchObject({ healed: 3, opened: 0 });
    expect(await open('books')).toEqual([]);
    // The one that was explained has healed like the others: the same difference coming back is news.
    amount.total += 1;
    await reconcile(engine, 'books');
    expect(await open('books')).toMatchObject([{ type: 'reopened', difference: '1.00', reason: '' }]);
    amount.total -= 1;
  });
});
