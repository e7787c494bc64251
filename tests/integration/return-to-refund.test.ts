import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { returnList, returnsOfOrder } from '#app/queries/returns.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { untilNoneHeld } from '../support/intake.ts';
import { ledgers, marketPayment, openMarketplace, postReceipt, untilReturn } from '../support/returns.ts';

/** Returns from every way in to the money, the books, the channel and ClickHouse. */
let landed: LandedEstate;
let market: Awaited<ReturnType<typeof openMarketplace>>;
let nextId = 88_000;
const newId = () => ++nextId;
const support = { id: 'sam', roles: ['support' as const] };
const finance = { id: 'fay', roles: ['finance' as const] };

beforeAll(async () => {
  landed = await startLandedEstate({
    estate: (estate) => ({ ...estate, policies: { ...estate.policies, hold_early_signals_s: 2 } }),
  });
  market = await openMarketplace(landed.estate);
}, 120_000);
afterEach(() => landed.estate.simulator.conditions.clearFaults());
afterAll(() => landed.close(), 60_000);

const command = <N extends CommandName>(name: N, request: CommandRequest<N>) =>
  commandOf(landed.estate.nc, name, request);
const replay = async (caseId: string) => {
  const { revision } = await caseState(landed.estate, caseId);
  return command('case.replay', { actor: support, case_id: caseId, revision });
};
const correct = async (caseId: string, payload: object) => {
  const { revision } = await caseState(landed.estate, caseId);
  await command('case.fix', {
    actor: support,
    case_id: caseId,
    revision,
    payload: JSON.stringify(payload),
    reason: 'the warehouse told us',
  });
  await replay(caseId);
};

const completed = (events: StepEvent[]) =>
  events.filter(({ status }) => status === 'completed').map(({ step }) => step);
const quarantine = (events: StepEvent[]): StepEvent => {
  const found = events.findLast(({ status }) => status === 'quarantined');
  if (found === undefined) throw new Error('nothing was quarantined');
  return found;
};
const one = (quantity: number, more: object = {}) => [
  { line_id: 'L1', quantity, reason_code: 'changed_mind', ...more },
];
const receive = async (reference: string, quantity: number, more: object = {}, line: object = {}) => {
  const [item] = landed.estate.simulator.catalogue.active;
  const lines = [
    { line_id: 'L1', sku: item?.sku, quantity, condition: 'sellable', reason_code: 'changed_mind', ...line },
  ];
  const response = await postReceipt(landed.estate, { reference, lines, ...more });
  expect(response.status).toBe(200);
};
/** An order of the US shop whose one line of two units costs 300.00 each, with 8.00 postage. @returns its key and line. */
const shopOrder = async (id: number, unitCents = 30_000) => {
  const draft = orderDraft(landed.estate.simulator, { id });
  const [line] = draft.lines;
  if (line === undefined) throw new Error('an order without lines');
  const priced = { ...line, unitCents, taxes: line.taxes.map((tax) => ({ ...tax, cents: 1_234 })) };
  const key = await landed.estate.placeOrder({
    ...draft,
    lines: [priced],
    shipping: draft.shipping.map((charge) => ({ ...charge, cents: 800 })),
  });
  await landed.estate.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
  return { key, line: String(line.id), sku: line.sku };
};
const onHand = async () => {
  const [item] = landed.estate.simulator.catalogue.active;
  const stock = createStockClient(landed.estate.nc, landed.estate.estate);
  const positions = await stock.positions([item?.sku ?? '']);
  return positions.find(({ location }) => location === 'dc-east')?.on_hand ?? 0;
};

describe('a return asked for through the API', () => {
  test('is received, refunded by Stripe, credited in NetSuite and shown on its order, every step once', async () => {
    const id = `HM-${newId()}`;
    const orderKey = await market.order(id);
    const key = await market.request(`RMA-${id}`, id, one(3));
    await untilReturn(landed.estate, key, 'authorise');
    const before = await onHand();
    await receive(orderKey, 3, { return_number: `RMA-${id}` });
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
    expect(await onHand()).toBe(before + 3);
    const order = await landed.estate.events(orderKey);
    expect(order.slice(-2).map(({ step, attributes }) => [step, attributes['ref_return_number']])).toEqual([
      ['return_requested', `RMA-${id}`],
      ['returned', `RMA-${id}`],
    ]);
  }, 60_000);

  test('lands in ClickHouse: open and with a deadline while it waits, its postings and its order returned at the end', async () => {
    const id = `HM-${newId()}`;
    const orderKey = await market.order(id);
    const key = await market.request(`RMA-${id}`, id, one(3));
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
      const rows = await runQuery(landed.store.clickhouse, returnList, { since, now, problem, limit: 100 });
      return rows.filter((one) => one.key === key);
    };
    expect(await listed('open', 0)).toMatchObject([{ order_key: orderKey, order_number: id, is_stuck: false }]);
    expect(await listed('stuck', 20)).toEqual([]);
    expect(await listed('stuck', 22)).toMatchObject([{ number: `RMA-${id}`, is_stuck: true }]);

    await receive(orderKey, 3, { return_number: `RMA-${id}` });
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
    const id = `HM-${newId()}`;
    const orderKey = await market.order(id);
    const totals: string[] = [];
    for (const part of [1, 2, 3]) {
      const key = await market.request(`RMA-${id}-${part}`, id, one(1));
      await untilReturn(landed.estate, key, 'authorise');
      await receive(orderKey, 1, { return_number: `RMA-${id}-${part}` });
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

    const fourth = await market.request(`RMA-${id}-4`, id, one(1));
    expect(quarantine(await untilReturn(landed.estate, fourth, 'authorise', 'quarantined'))).toMatchObject({
      error_class: 'reference',
      error_code: 'returned_too_many',
      error_path: '/lines/0/quantity',
    });
  }, 60_000);

  test('sent twice is one return, and another under its number is refused', async () => {
    const id = `HM-${newId()}`;
    await market.order(id);
    const body = {
      return_id: `RMA-${id}`,
      channel: 'marketplace',
      order: id,
      requested_at: new Date().toISOString(),
      lines: one(1),
    };
    const statuses = [body, body, { ...body, lines: one(2) }].map((sent) => () => market.post('/v1/returns', sent));
    const answers: number[] = [];
    for (const send of statuses) answers.push((await send()).status);
    expect(answers).toEqual([202, 200, 409]);
  });

  test('by a store that has the goods already waits for nobody', async () => {
    const id = `HM-${newId()}`;
    await market.order(id);
    const at = new Date().toISOString();
    const key = await market.request(`ST-${id}`, id, one(1, { condition: 'damaged' }), {
      received: { location: 'store-001', at },
    });
    const events = await untilReturn(landed.estate, key, 'close');
    expect(completed(events)).not.toContain('received');
    expect(events.find(({ step }) => step === 'disposition')?.attributes).toMatchObject({ restock: '0', scrap: '1' });
  });

  test('of an order whose events and documents aged out long ago is refunded all the same', async () => {
    const id = `HM-${newId()}`;
    const orderKey = await market.order(id);
    const { manager } = landed.estate;
    await manager.streams.purge(streams.steps, { filter: subjects.step('order_to_cash', orderKey) });
    await manager.streams.purge(streams.payloads, { filter: `payloads.${orderKey}.>` });
    const key = await market.request(`RMA-${id}`, id, one(3));
    await untilReturn(landed.estate, key, 'authorise');
    await receive(orderKey, 3, { return_number: `RMA-${id}` });
    const events = await untilReturn(landed.estate, key, 'close');
    expect(events.at(-1)).toMatchObject({ amount: '116.05', legal_entity: 'uk-retail' });
    expect(ledgers(landed.estate).creditsOf(key)).toEqual([expect.objectContaining({ total: 116.05 })]);
    expect(await landed.estate.events(orderKey)).toEqual([]);
  }, 60_000);

  test('of an order of somebody else is refused at the door', async () => {
    const response = await market.post('/v1/returns', {
      return_id: 'X',
      channel: 'web-us',
      order: '1',
      requested_at: new Date().toISOString(),
      lines: one(1),
    });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('/channel');
  });
});

describe('what cannot be processed', () => {
  test('is held while its order is unknown, then a case, and goes on once the order is there', async () => {
    const id = `HM-${newId()}`;
    const key = await market.request(`RMA-${id}`, id, one(1));
    const stopped = quarantine(await untilReturn(landed.estate, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({ error_code: 'unknown_order', error_path: '/order' });
    await market.order(id);
    await replay(stopped.case_id);
    await untilReturn(landed.estate, key, 'authorise');
  }, 60_000);

  test('a parcel that nobody announced and that says no reason is a case naming the field, and after its correction refunded', async () => {
    const id = `HM-${newId()}`;
    const orderKey = await market.order(id);
    const [item] = landed.estate.simulator.catalogue.active;
    const receipt = {
      receipt_id: `R-${id}`,
      reference: orderKey,
      location_code: 'dc-east',
      received_at: new Date().toISOString(),
      version: 7,
      lines: [{ line_id: 'L1', sku: item?.sku, quantity: 1, condition: 'sellable' }],
    };
    expect((await postReceipt(landed.estate, receipt)).status).toBe(200);
    const key = transactionKey('wms-east', `return-R-${id}`);
    const stopped = quarantine(await untilReturn(landed.estate, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({
      error_class: 'validation',
      error_code: 'missing_reason_code',
      error_path: '/lines/0/reason_code',
    });
    await correct(stopped.case_id, {
      ...receipt,
      lines: receipt.lines.map((line) => ({ ...line, reason_code: 'too_small' })),
    });
    await untilReturn(landed.estate, key, 'close');
    expect(ledgers(landed.estate).creditsOf(key)).toEqual([expect.objectContaining({ total: 37.02 })]);
    expect(await caseState(landed.estate, stopped.case_id)).toMatchObject({ status: 'resolved' });
  }, 60_000);

  test('a refund that could not be read and was corrected is not run again when the shop tells of it legibly', async () => {
    const id = newId();
    await shopOrder(id, 5_000);
    const capture = landed.estate.simulator.systems.shops
      .get('shopify-us')
      ?.orders.get(String(id))
      ?.transactions.find(({ kind }) => kind === 'capture');
    const refund = {
      ...{ id: id + 500_000, order_id: id, created_at: new Date().toISOString() },
      transactions: [{ id: id + 600_000, parent_id: capture?.id, kind: 'refund', status: 'success', amount: '4.00' }],
    };
    const told = async (body: object) =>
      expect((await landed.estate.postShopify('refunds/create', JSON.stringify(body))).status).toBe(200);
    await told({ ...refund, created_at: 'yesterday' });
    const unread = await firstQuarantined('shopify-us==intake-');
    expect(unread).toMatchObject({ step: 'authorise', error_path: '/created_at' });
    await correct(unread.case_id, refund);
    const events = await untilReturn(landed.estate, unread.key, 'close');
    expect(events.at(-1)).toMatchObject({ amount: '4.00', currency: 'USD' });

    await told(refund);
    await untilNoneHeld(landed.estate, 'return');
    const own = transactionKey('shopify-us', `return-${refund.id}`);
    expect(await landed.estate.events(own, 'return_to_refund')).toEqual([]);

    // Read the other way round: the legible one has begun, and then the other is corrected.
    const another = { ...refund, id: refund.id + 1 };
    await told(another);
    await untilReturn(landed.estate, transactionKey('shopify-us', `return-${another.id}`), 'close');
    await told({ ...another, created_at: 'today' });
    const late = await firstQuarantined('shopify-us==intake-', unread.key);
    await correct(late.case_id, another);
    const ended = await untilReturn(landed.estate, late.key, 'authorise', 'superseded');
    expect(ended.at(-1)?.attributes['reason']).toContain(`return ${another.id}`);
    expect(await caseState(landed.estate, late.case_id)).toMatchObject({ status: 'resolved' });
  }, 60_000);

  test('a reason code that is not mapped goes on once it is', async () => {
    const id = `HM-${newId()}`;
    await market.order(id);
    const key = await market.request(`RMA-${id}`, id, one(1, { reason_code: `Z-${id}` }));
    const stopped = quarantine(await untilReturn(landed.estate, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({ error_class: 'mapping', error_path: '/lines/0/reason_code' });
    const [problem] = (await caseState(landed.estate, stopped.case_id)).problems;
    expect(problem?.missing_mapping).toEqual({ kind: 'return_reason', system: 'marketplace', code: `Z-${id}` });
    const mapping = { kind: 'return_reason' as const, system: 'marketplace', code: `Z-${id}`, target: 'defective' };
    await command('mapping.put', { ...mapping, actor: support, reason: 'new code', case_id: stopped.case_id });
    await replay(stopped.case_id);
    await untilReturn(landed.estate, key, 'authorise');
  });

  test('a receipt that says no reason either is a case of its own, and its return waits for it', async () => {
    const id = `HM-${newId()}`;
    const orderKey = await market.order(id);
    const key = await market.request(`RMA-${id}`, id, [{ line_id: 'L1', quantity: 1 }]);
    await untilReturn(landed.estate, key, 'authorise');
    await receive(orderKey, 1, { return_number: `RMA-${id}`, receipt_id: `R-${id}` }, { reason_code: undefined });
    const stopped = await firstQuarantined('wms-east==message-');
    expect(stopped).toMatchObject({
      step: 'apply_return_message',
      error_code: 'missing_reason_code',
      error_path: '/lines/0/reason_code',
    });
    const [item] = landed.estate.simulator.catalogue.active;
    await correct(stopped.case_id, {
      receipt_id: `R-${id}`,
      reference: orderKey,
      return_number: `RMA-${id}`,
      location_code: 'dc-east',
      received_at: new Date().toISOString(),
      version: 8,
      lines: [{ line_id: 'L1', sku: item?.sku, quantity: 1, condition: 'sellable', reason_code: 'late' }],
    });
    const events = await untilReturn(landed.estate, key, 'close');
    expect(events.find(({ step }) => step === 'received')?.attributes).toMatchObject({ reasons: 'late' });
  }, 60_000);
});

describe('trouble outside', () => {
  test.each([
    ['stripe', 'refund_payment'],
    ['netsuite', 'erp_post_credit'],
  ])(
    'an answer that %s loses refunds and credits nothing twice',
    async (system, step) => {
      const id = `HM-${newId()}`;
      const orderKey = await market.order(id);
      const key = await market.request(`RMA-${id}`, id, one(2));
      await untilReturn(landed.estate, key, 'authorise');
      landed.estate.simulator.conditions.setFault(system, 'lost_answer', 1);
      await receive(orderKey, 2, { return_number: `RMA-${id}` });
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
    const id = newId();
    const { key: orderKey, line, sku } = await shopOrder(id, 5_000);
    landed.estate.simulator.conditions.setFault('shopify-us', 'lost_answer', 1);
    await receive(orderKey, 1, { receipt_id: `R-${id}` }, { line_id: line, sku });
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

describe('a refund above the limit', () => {
  test('goes out only when a second person has approved it', async () => {
    const id = newId();
    const { key: orderKey, line, sku } = await shopOrder(id);
    await receive(orderKey, 2, { receipt_id: `R-${id}` }, { line_id: line, sku });
    const key = transactionKey('wms-east', `return-R-${id}`);
    const stopped = quarantine(await untilReturn(landed.estate, key, 'approve_refund', 'quarantined'));
    expect(stopped).toMatchObject({
      error_code: 'refund_needs_approval',
      error_path: '/refund/amount',
      amount: '620.34',
    });

    const asked = await replay(stopped.case_id);
    expect(asked.case).toMatchObject({ status: 'awaiting_approval', approval: { amount: '620.34', currency: 'USD' } });
    const approve = (actor: typeof support | typeof finance | { id: string; roles: ['operations'] }) =>
      requestCommand(landed.estate.nc, 'case.approve', {
        actor,
        case_id: stopped.case_id,
        revision: asked.case?.revision ?? 0,
      });
    expect(await approve({ id: 'sam', roles: ['operations'] })).toMatchObject({
      ok: false,
      error: { because: 'same_person' },
    });
    expect(ledgers(landed.estate).shopOrder(String(id))?.refunds).toEqual([]);
    expect(await approve(finance)).toMatchObject({ ok: true });
    await untilReturn(landed.estate, key, 'close');
    expect(ledgers(landed.estate).shopOrder(String(id))).toMatchObject({ captured: '620.34', refunded: '620.34' });
    expect(ledgers(landed.estate).creditsOf(key)).toEqual([
      expect.objectContaining({ total: 620.34, currency: 'USD' }),
    ]);
  }, 60_000);
});

describe('a return that a customer asks the shop for', () => {
  test('is authorised with the reason in our words, received by its number, refunded there and credited', async () => {
    const id = newId();
    const { key: orderKey, line, sku } = await shopOrder(id, 5_000);
    const number = landed.estate.simulator.systems.shopDesks
      .get('shopify-us')
      ?.requestReturn(String(id), [{ id: line, quantity: 1, reason: 'size_too_small' }]);
    const key = transactionKey('shopify-us', `return-${number}`);
    const authorised = (await untilReturn(landed.estate, key, 'authorise')).at(-1);
    expect(authorised).toMatchObject({ business_key: number, channel: 'web-us' });
    await postReceipt(landed.estate, {
      ...{ reference: orderKey, return_number: number, receipt_id: `R-${id}` },
      lines: [{ line_id: line, sku, quantity: 1, condition: 'sellable' }],
    });
    const events = await untilReturn(landed.estate, key, 'close');
    expect(completed(events)).toContain('refund_payment');
    expect(ledgers(landed.estate).shopOrder(String(id))?.refunds).toEqual([
      expect.objectContaining({ lines: [{ id: line, quantity: 1 }] }),
    ]);
    expect(ledgers(landed.estate).creditsOf(key)).toHaveLength(1);
  }, 60_000);
});

describe('a refund that the shop gave by itself', () => {
  /** A refund of 4.00 for one unit that was cancelled. @returns the key it would have as a return. */
  const cancelUnit = async (id: number, draft: OrderDraft) => {
    const [line] = draft.lines;
    const refund = {
      ...{ id: id + 500_000, order_id: id, created_at: new Date().toISOString() },
      refund_line_items: [{ line_item_id: line?.id, quantity: 1, restock_type: 'cancel', subtotal: '4.00' }],
      transactions: [{ id: id + 600_000, kind: 'refund', status: 'success', amount: '4.00', currency: 'USD' }],
    };
    expect((await landed.estate.postShopify('refunds/create', JSON.stringify(refund))).status).toBe(200);
    return transactionKey('shopify-us', `return-${refund.id}`);
  };

  test('for an order that it cancelled before anything was done for it begins nothing', async () => {
    const id = newId();
    const draft = orderDraft(landed.estate.simulator, { id });
    const cancelled = buildShopifyOrder(draft, 'northwind-lane-us.myshopify.com', { cancelledAt: new Date() });
    expect((await landed.estate.postShopify('orders/create', JSON.stringify(cancelled))).status).toBe(200);
    await landed.estate.until(transactionKey('shopify-us', String(id)), ({ step }) => step === 'validate');
    const key = await cancelUnit(id, draft);
    await untilNoneHeld(landed.estate, 'return');
    expect(await landed.estate.events(key, 'return_to_refund')).toEqual([]);
  });

  test('for units that it cancelled too late is credited all the same', async () => {
    const id = newId();
    const draft = orderDraft(landed.estate.simulator, { id });
    const orderKey = await landed.estate.placeOrder(draft);
    await landed.estate.until(orderKey, ({ step, status }) => step === 'settle' && status === 'completed');
    const key = await cancelUnit(id, draft);
    await untilReturn(landed.estate, key, 'close');
    expect(ledgers(landed.estate).creditsOf(key)).toEqual([expect.objectContaining({ total: 4 })]);
  }, 60_000);

  test('is credited and restocked, and no money is given again', async () => {
    const id = newId();
    const { line } = await shopOrder(id, 5_000);
    const before = await onHand();
    const { shops, refundDesks } = landed.estate.simulator.systems;
    const capture = shops
      .get('shopify-us')
      ?.orders.get(String(id))
      ?.transactions.find(({ kind }) => kind === 'capture');
    const made = refundDesks.get('shopify-us')?.(String(id), {
      note: 'Customer called',
      refund_line_items: [
        {
          line_item_id: Number(line),
          quantity: 1,
          restock_type: 'return',
          location_id: 71000000001,
          subtotal: '50.00',
          total_tax: '6.17',
        },
      ],
      // A little more than the goods, for the trouble.
      transactions: [{ parent_id: capture?.id, amount: '60.00' }],
    });
    const key = transactionKey('shopify-us', `return-${made !== undefined && 'id' in made ? made.id : 0}`);
    const events = await untilReturn(landed.estate, key, 'close');
    expect(events.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'intake_received completed',
      'authorise completed',
      'inspect completed',
      'disposition completed',
      'approve_refund skipped',
      'erp_post_credit started',
      'erp_post_credit completed',
      'channel_refund skipped',
      'close completed',
    ]);
    expect(ledgers(landed.estate).creditsOf(key)).toEqual([expect.objectContaining({ total: 60 })]);
    expect(ledgers(landed.estate).shopOrder(String(id))?.refunds).toHaveLength(1);
    expect(await onHand()).toBe(before + 1);
  }, 60_000);

  test.each([
    ['the postage alone', { shipping: { amount: '8.00' } }, '8.00'],
    ['something for the trouble', {}, '5.00'],
  ])(
    'of %s is credited, and brings no goods',
    async (_what, shipping, amount) => {
      const id = newId();
      const { key: orderKey } = await shopOrder(id, 5_000);
      const { shops, refundDesks } = landed.estate.simulator.systems;
      const capture = shops
        .get('shopify-us')
        ?.orders.get(String(id))
        ?.transactions.find(({ kind }) => kind === 'capture');
      const made = refundDesks.get('shopify-us')?.(String(id), {
        ...shipping,
        transactions: [{ parent_id: capture?.id, amount }],
      });
      const key = transactionKey('shopify-us', `return-${made !== undefined && 'id' in made ? made.id : 0}`);
      const events = await untilReturn(landed.estate, key, 'close');
      expect(events.find(({ step }) => step === 'inspect')?.attributes).toMatchObject({ refund: amount });
      expect(ledgers(landed.estate).creditsOf(key)).toEqual([expect.objectContaining({ total: Number(amount) })]);
      const order = await landed.estate.events(orderKey);
      expect(order.at(-1)).toMatchObject({ step: 'refunded', attributes: { refund: `${amount} USD` } });
    },
    60_000,
  );

  test('in another currency than the order’s is a case that names it, and once put in that of the order is credited', async () => {
    const id = newId();
    await shopOrder(id, 5_000);
    const given = (amount: string, currency: string) => ({
      ...{ id: id + 500_000, order_id: id, created_at: new Date().toISOString() },
      transactions: [{ id: id + 600_000, kind: 'refund', status: 'pending', amount, currency }],
    });
    const told = await landed.estate.postShopify('refunds/create', JSON.stringify(given('13.70', 'CAD')));
    expect(told.status).toBe(200);
    const key = transactionKey('shopify-us', `return-${id + 500_000}`);
    const stopped = quarantine(await untilReturn(landed.estate, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({
      error_class: 'totals',
      error_code: 'refund_currency_differs',
      error_path: '/transactions/0/currency',
    });
    await correct(stopped.case_id, given('10.00', 'USD'));
    await untilReturn(landed.estate, key, 'close');
    expect(ledgers(landed.estate).creditsOf(key)).toEqual([expect.objectContaining({ total: 10, currency: 'USD' })]);
  }, 60_000);

  test('is told apart from one of ours, of which the shop tells as well', async () => {
    const id = newId();
    const { key: orderKey, line, sku } = await shopOrder(id, 5_000);
    await receive(orderKey, 1, { receipt_id: `R-${id}` }, { line_id: line, sku });
    await untilReturn(landed.estate, transactionKey('wms-east', `return-R-${id}`), 'close');
    const [refund] = ledgers(landed.estate).shopOrder(String(id))?.refunds ?? [];
    const { manager } = landed.estate;
    const told = 'intake.return.shopify-us.refunds-create';
    const isTold = async () => {
      const message = await manager.streams.getMessage('INTAKE', { last_by_subj: told });
      return message?.json<{ id: number }>().id === refund?.id;
    };
    await expect.poll(isTold, { timeout: 10_000 }).toBe(true);
    await untilNoneHeld(landed.estate, 'return');
    expect(
      await landed.estate.events(transactionKey('shopify-us', `return-${refund?.id}`), 'return_to_refund'),
    ).toEqual([]);
  }, 60_000);
});

/** The stop of the first transaction whose key begins so, `except` one. */
async function firstQuarantined(prefix: string, except?: string): Promise<StepEvent> {
  const consumer = await landed.estate.js.consumers.get('STEPS', {
    filter_subjects: 'steps.*.return_to_refund.*',
  });
  const messages = await consumer.consume();
  let found: StepEvent | undefined;
  for await (const message of messages) {
    const event = message.json<StepEvent>();
    if (event.status !== 'quarantined' || !event.key.startsWith(prefix) || event.key === except) continue;
    found = event;
    break;
  }
  messages.stop();
  if (found === undefined) throw new Error(`nothing of ${prefix} is a case`);
  return found;
}
