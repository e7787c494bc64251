import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { returnList, returnsOfOrder } from '#app/queries/returns.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { completed, heldBriefly, openReturns, quarantine, someOf, type TestReturns } from '../support/return-work.ts';
import { ledgers, marketPayment, untilReturn } from '../support/returns.ts';

/** Returns from their announcement to the money, the books, the channel and ClickHouse. */
let landed: LandedEstate;
let returns: TestReturns;

beforeAll(async () => {
  landed = await startLandedEstate({ estate: heldBriefly });
  returns = await openReturns(landed.estate);
}, 120_000);
afterEach(() => landed.estate.simulator.conditions.clearFaults());
afterAll(() => landed.close(), 60_000);

describe('a return asked for through the API', () => {
  test('is received, refunded by Stripe, credited in NetSuite and shown on its order, every step once', async () => {
    const id = `HM-${returns.newId()}`;
    const orderKey = await returns.market.order(id);
    const key = await returns.market.request(`RMA-${id}`, id, someOf(3));
    await untilReturn(landed.estate, key, 'authorise');
    const before = await returns.onHand();
    await returns.receive(orderKey, 3, { return_number: `RMA-${id}` });
    const events = await untilReturn(landed.estate, key, 'close');

    expect(completed(events)).toEqual([
      'intake_received',
      'authorise',
      'return_receipt_received',
      'received',
      'inspect',
      'disposition',
      'refund_payment',
      'notify_customer',
      'erp_post_credit',
      'close',
    ]);
    expect(events.at(-1)).toMatchObject({
      business_key: `RMA-${id}`,
      channel: 'marketplace',
      legal_entity: 'uk-retail',
      amount: '116.05',
      currency: 'GBP',
    });
    const books = ledgers(landed.estate);
    expect(books.refundsOf(marketPayment(id))).toEqual([
      expect.objectContaining({ amount: 11_605, return: `RMA-${id}` }),
    ]);
    expect(books.creditsOf(key)).toEqual([
      expect.objectContaining({ total: 116.05, subsidiary: '4', currency: 'GBP' }),
    ]);
    expect(await returns.onHand()).toBe(before + 3);
    const order = await landed.estate.events(orderKey);
    expect(order.slice(-2).map(({ step, attributes }) => [step, attributes['ref_return_number']])).toEqual([
      ['return_requested', `RMA-${id}`],
      ['returned', `RMA-${id}`],
    ]);
  }, 60_000);

  test('lands in ClickHouse: open and with a deadline while it waits, its postings and its order returned at the end', async () => {
    const id = `HM-${returns.newId()}`;
    const orderKey = await returns.market.order(id);
    const key = await returns.market.request(`RMA-${id}`, id, someOf(3));
    await untilReturn(landed.estate, key, 'authorise');
    await landed.untilLanded();
    const row = async () =>
      (
        await landed.store.clickhouse.query(
          `SELECT is_open, step, deadline, occurred_at FROM transactions WHERE flow = 'return_to_refund' AND key = '${key}'`,
        )
      )[0];
    const waiting = await row();
    expect(waiting).toMatchObject({ is_open: 1, step: 'authorise' });
    const at = (column: string) => Date.parse(String(waiting?.[column]).replace(/Z?$/, 'Z').replace(' ', 'T'));
    const days = (at('deadline') - at('occurred_at')) / 86_400_000;
    expect(days).toBe(21);

    const listed = async (problem: 'stuck' | 'open', days: number) => {
      const now = new Date(Date.now() + days * 86_400_000).toISOString();
      const since = new Date(Date.now() - 3_600_000).toISOString();
      const rows = await runQuery(landed.store.clickhouse, returnList(undefined, false), {
        ...{ since, now, problem, channels: [], text: '' },
        limit: 100,
        offset: 0,
      });
      return rows.filter((one) => one.key === key);
    };
    expect(await listed('open', 0)).toMatchObject([{ order_key: orderKey, order_number: id, is_stuck: false }]);
    expect(await listed('stuck', 20)).toEqual([]);
    expect(await listed('stuck', 22)).toMatchObject([{ number: `RMA-${id}`, is_stuck: true }]);

    await returns.receive(orderKey, 3, { return_number: `RMA-${id}` });
    await untilReturn(landed.estate, key, 'close');
    await landed.untilLanded();
    expect(await listed('stuck', 22)).toEqual([]);
    const now = new Date().toISOString();
    const own = await runQuery(landed.store.clickhouse, returnsOfOrder, { order_key: orderKey, now });
    expect(own).toMatchObject([{ key, step: 'close', is_open: false, amount: '116.05', money: 'GBP' }]);
    expect(await row()).toMatchObject({ is_open: 0, step: 'close' });
    const postings = await landed.store.clickhouse.query(
      `SELECT document, state, amount, document_number FROM postings WHERE key = '${key}' ORDER BY document`,
    );
    expect(postings.map(({ document, state, amount }) => [document, state, Number(amount)])).toEqual([
      ['credit_memo', 'posted', 116.05],
      ['refund', 'posted', 116.05],
    ]);
    const [order] = await landed.store.clickhouse.query(
      `SELECT lifecycle, is_open FROM transactions WHERE flow = 'order_to_cash' AND key = '${orderKey}'`,
    );
    expect(order).toMatchObject({ lifecycle: 'returned', is_open: 0 });
    const found = await landed.store.clickhouse.query(
      `SELECT DISTINCT flow, key FROM transaction_references WHERE folded = lower('RMA-${id}') AND kind = 'return_number' ORDER BY flow`,
    );
    expect(found).toEqual([
      { flow: 'order_to_cash', key: orderKey },
      { flow: 'return_to_refund', key },
    ]);
  }, 60_000);

  test('in parts gives back exactly what was paid, and nothing beyond', async () => {
    const id = `HM-${returns.newId()}`;
    const orderKey = await returns.market.order(id);
    const totals: string[] = [];
    for (const part of [1, 2, 3]) {
      const key = await returns.market.request(`RMA-${id}-${part}`, id, someOf(1));
      await untilReturn(landed.estate, key, 'authorise');
      await returns.receive(orderKey, 1, { return_number: `RMA-${id}-${part}` });
      const events = await untilReturn(landed.estate, key, 'close');
      totals.push(events.at(-1)?.amount ?? '');
      expect(
        ledgers(landed.estate)
          .creditsOf(key)
          .map(({ total }) => total),
      ).toEqual([Number(totals.at(-1))]);
    }
    // 90.04 of goods and 21.02 of tax in thirds; the postage of 4.99 with the last.
    expect(totals).toEqual(['37.02', '37.02', '42.01']);
    const refunds = ledgers(landed.estate).refundsOf(marketPayment(id));
    expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(11_605);

    const fourth = await returns.market.request(`RMA-${id}-4`, id, someOf(1));
    expect(quarantine(await untilReturn(landed.estate, fourth, 'authorise', 'quarantined'))).toMatchObject({
      error_class: 'reference',
      error_code: 'returned_too_many',
      error_path: '/lines/0/quantity',
    });
  }, 60_000);

  test('sent twice is one return, and another under its number is refused', async () => {
    const id = `HM-${returns.newId()}`;
    await returns.market.order(id);
    const body = {
      return_id: `RMA-${id}`,
      channel: 'marketplace',
      order: id,
      requested_at: new Date().toISOString(),
      lines: someOf(1),
    };
    const statuses = [body, body, { ...body, lines: someOf(2) }].map(
      (sent) => () => returns.market.post('/v1/returns', sent),
    );
    const answers: number[] = [];
    for (const send of statuses) answers.push((await send()).status);
    expect(answers).toEqual([202, 200, 409]);
  });

  test('by a store that has the goods already waits for nobody', async () => {
    const id = `HM-${returns.newId()}`;
    await returns.market.order(id);
    const at = new Date().toISOString();
    const key = await returns.market.request(`ST-${id}`, id, someOf(1, { condition: 'damaged' }), {
      received: { location: 'store-001', at },
    });
    const events = await untilReturn(landed.estate, key, 'close');
    expect(completed(events)).not.toContain('received');
    expect(events.find(({ step }) => step === 'disposition')?.attributes).toMatchObject({ restock: '0', scrap: '1' });
  });

  test('of an order whose events and documents aged out long ago is refunded all the same', async () => {
    const id = `HM-${returns.newId()}`;
    const orderKey = await returns.market.order(id);
    const { manager } = landed.estate;
    await manager.streams.purge(streams.steps, { filter: subjects.step('order_to_cash', orderKey) });
    await manager.streams.purge(streams.payloads, { filter: `payloads.${orderKey}.>` });
    const key = await returns.market.request(`RMA-${id}`, id, someOf(3));
    await untilReturn(landed.estate, key, 'authorise');
    await returns.receive(orderKey, 3, { return_number: `RMA-${id}` });
    const events = await untilReturn(landed.estate, key, 'close');
    expect(events.at(-1)).toMatchObject({ amount: '116.05', legal_entity: 'uk-retail' });
    expect(ledgers(landed.estate).creditsOf(key)).toEqual([expect.objectContaining({ total: 116.05 })]);
    expect(await landed.estate.events(orderKey)).toEqual([]);
  }, 60_000);

  test('of an order of somebody else is refused at the door', async () => {
    const response = await returns.market.post('/v1/returns', {
      return_id: 'X',
      channel: 'web-us',
      order: '1',
      requested_at: new Date().toISOString(),
      lines: someOf(1),
    });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('/channel');
  });

  test('under a number whose key would be too long is refused at the door', async () => {
    const response = await returns.market.post('/v1/returns', {
      return_id: 'é'.repeat(64),
      channel: 'marketplace',
      order: '1',
      requested_at: new Date().toISOString(),
      lines: someOf(1),
    });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('/return_id');
  });
});

describe('trouble outside', () => {
  test.each([
    ['stripe', 'refund_payment'],
    ['netsuite', 'erp_post_credit'],
  ])(
    'an answer that %s loses refunds and credits nothing twice',
    async (system, step) => {
      const id = `HM-${returns.newId()}`;
      const orderKey = await returns.market.order(id);
      const key = await returns.market.request(`RMA-${id}`, id, someOf(2));
      await untilReturn(landed.estate, key, 'authorise');
      landed.estate.simulator.conditions.setFault(system, 'lost_answer', 1);
      await returns.receive(orderKey, 2, { return_number: `RMA-${id}` });
      await untilReturn(landed.estate, key, step, 'retrying');
      landed.estate.simulator.conditions.clearFaults();
      const events = await untilReturn(landed.estate, key, 'close');
      expect(events.findLast((event) => event.step === step)?.attributes['looked_up']).toBe('true');
      const books = ledgers(landed.estate);
      expect(books.refundsOf(marketPayment(id)).map(({ amount }) => amount)).toEqual([7_404]);
      expect(books.creditsOf(key).map(({ total }) => total)).toEqual([74.04]);
    },
    60_000,
  );

  test('an answer that the shop loses makes no second refund there', async () => {
    const id = returns.newId();
    const { key: orderKey, line, sku } = await returns.shopOrder(id, 5_000);
    landed.estate.simulator.conditions.setFault('shopify-us', 'lost_answer', 1);
    await returns.receive(orderKey, 1, { receipt_id: `R-${id}` }, { line_id: line, sku });
    const key = transactionKey('wms-east', `return-R-${id}`);
    await untilReturn(landed.estate, key, 'refund_payment', 'retrying');
    landed.estate.simulator.conditions.clearFaults();
    await untilReturn(landed.estate, key, 'close');
    expect(ledgers(landed.estate).shopOrder(String(id))).toMatchObject({
      refunded: '56.17',
      refused_refunds: 0,
      refunds: [{ amount: '56.17', lines: [{ id: line, quantity: 1 }] }],
    });
  }, 60_000);
});
