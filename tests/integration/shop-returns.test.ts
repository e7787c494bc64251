import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { untilNoneHeld } from '../support/intake.ts';
import {
  completed,
  CREDITED_ONLY,
  heldBriefly,
  openReturns,
  quarantine,
  type TestReturns,
} from '../support/return-work.ts';
import { ledgers, postReceipt, untilReturn } from '../support/returns.ts';

/** Returns that the shop tells of: asked for there, or refunded by its staff. */
let engine: TestEngine;
let returns: TestReturns;

beforeAll(async () => {
  engine = await startEngine({ estate: heldBriefly });
  returns = await openReturns(engine);
}, 120_000);
afterAll(() => engine.close());

describe('a return that a customer asks the shop for', () => {
  test('is authorised with the reason in our words, received by its number, refunded there and credited', async () => {
    const id = returns.newId();
    const { key: orderKey, line, sku } = await returns.shopOrder(id, 5_000);
    const number = engine.simulator.systems.shopDesks
      .get('shopify-us')
      ?.requestReturn(String(id), [{ id: line, quantity: 1, reason: 'size_too_small' }]);
    const key = transactionKey('shopify-us', `return-${number}`);
    const authorised = (await untilReturn(engine, key, 'authorise')).at(-1);
    expect(authorised).toMatchObject({ business_key: number, channel: 'web-us' });
    await postReceipt(engine, {
      ...{ reference: orderKey, return_number: number, receipt_id: `R-${id}` },
      lines: [{ line_id: line, sku, quantity: 1, condition: 'sellable' }],
    });
    const events = await untilReturn(engine, key, 'close');
    expect(completed(events)).toContain('refund_payment');
    expect(ledgers(engine).shopOrder(String(id))?.refunds).toEqual([
      expect.objectContaining({ lines: [{ id: line, quantity: 1 }] }),
    ]);
    expect(ledgers(engine).creditsOf(key)).toHaveLength(1);
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
    expect((await engine.postShopify('refunds/create', JSON.stringify(refund))).status).toBe(200);
    return transactionKey('shopify-us', `return-${refund.id}`);
  };

  test('for an order that it cancelled before anything was done for it begins nothing', async () => {
    const id = returns.newId();
    const draft = orderDraft(engine.simulator, { id });
    const cancelled = buildShopifyOrder(draft, 'northwind-lane-us.myshopify.com', { cancelledAt: new Date() });
    expect((await engine.postShopify('orders/create', JSON.stringify(cancelled))).status).toBe(200);
    await engine.until(transactionKey('shopify-us', String(id)), ({ step }) => step === 'validate');
    const key = await cancelUnit(id, draft);
    await untilNoneHeld(engine, 'return');
    expect(await engine.events(key, 'return_to_refund')).toEqual([]);
  });

  test('for units that it cancelled too late is credited all the same', async () => {
    const id = returns.newId();
    const draft = orderDraft(engine.simulator, { id });
    const orderKey = await engine.placeOrder(draft);
    await engine.until(orderKey, ({ step, status }) => step === 'settle' && status === 'completed');
    const key = await cancelUnit(id, draft);
    await untilReturn(engine, key, 'close');
    expect(ledgers(engine).creditsOf(key)).toEqual([expect.objectContaining({ total: 4 })]);
  }, 60_000);

  test('is credited and restocked, and no money is given again', async () => {
    const id = returns.newId();
    const { line } = await returns.shopOrder(id, 5_000);
    const before = await returns.onHand();
    const { refundDesks } = engine.simulator.systems;
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
      transactions: [{ parent_id: returns.captureOf(id)?.id, amount: '60.00' }],
    });
    const key = transactionKey('shopify-us', `return-${made !== undefined && 'id' in made ? made.id : 0}`);
    const events = await untilReturn(engine, key, 'close');
    expect(events.map(({ step, status }) => `${step} ${status}`)).toEqual(CREDITED_ONLY);
    expect(ledgers(engine).creditsOf(key)).toEqual([expect.objectContaining({ total: 60 })]);
    expect(ledgers(engine).shopOrder(String(id))?.refunds).toHaveLength(1);
    expect(await returns.onHand()).toBe(before + 1);
  }, 60_000);

  test.each([
    ['the postage alone', { shipping: { amount: '8.00' } }, '8.00'],
    ['something for the trouble', {}, '5.00'],
  ])(
    'of %s is credited, and brings no goods',
    async (_what, shipping, amount) => {
      const id = returns.newId();
      const { key: orderKey } = await returns.shopOrder(id, 5_000);
      const { refundDesks } = engine.simulator.systems;
      const made = refundDesks.get('shopify-us')?.(String(id), {
        ...shipping,
        transactions: [{ parent_id: returns.captureOf(id)?.id, amount }],
      });
      const key = transactionKey('shopify-us', `return-${made !== undefined && 'id' in made ? made.id : 0}`);
      const events = await untilReturn(engine, key, 'close');
      expect(events.find(({ step }) => step === 'inspect')?.attributes).toMatchObject({ refund: amount });
      expect(ledgers(engine).creditsOf(key)).toEqual([expect.objectContaining({ total: Number(amount) })]);
      const order = await engine.events(orderKey);
      expect(order.at(-1)).toMatchObject({ step: 'refunded', attributes: { refund: `${amount} USD` } });
    },
    60_000,
  );

  test('in another currency than the order’s is a case that names it, and once put in that of the order is credited', async () => {
    const id = returns.newId();
    await returns.shopOrder(id, 5_000);
    const given = (amount: string, currency: string) => ({
      ...{ id: id + 500_000, order_id: id, created_at: new Date().toISOString() },
      transactions: [{ id: id + 600_000, kind: 'refund', status: 'pending', amount, currency }],
    });
    const told = await engine.postShopify('refunds/create', JSON.stringify(given('13.70', 'CAD')));
    expect(told.status).toBe(200);
    const key = transactionKey('shopify-us', `return-${id + 500_000}`);
    const stopped = quarantine(await untilReturn(engine, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({
      error_class: 'totals',
      error_code: 'refund_currency_differs',
      error_path: '/transactions/0/currency',
    });
    await returns.correct(stopped.case_id, given('10.00', 'USD'));
    await untilReturn(engine, key, 'close');
    expect(ledgers(engine).creditsOf(key)).toEqual([expect.objectContaining({ total: 10, currency: 'USD' })]);
  }, 60_000);

  test('is told apart from one of ours, of which the shop tells as well', async () => {
    const id = returns.newId();
    const { key: orderKey, line, sku } = await returns.shopOrder(id, 5_000);
    await returns.receive(orderKey, 1, { receipt_id: `R-${id}` }, { line_id: line, sku });
    await untilReturn(engine, transactionKey('wms-east', `return-R-${id}`), 'close');
    const [refund] = ledgers(engine).shopOrder(String(id))?.refunds ?? [];
    const { manager } = engine;
    const told = 'intake.return.shopify-us.refunds-create';
    const isTold = async () => {
      const message = await manager.streams.getMessage('INTAKE', { last_by_subj: told });
      return message?.json<{ id: number }>().id === refund?.id;
    };
    await expect.poll(isTold, { timeout: 10_000 }).toBe(true);
    await untilNoneHeld(engine, 'return');
    expect(await engine.events(transactionKey('shopify-us', `return-${refund?.id}`), 'return_to_refund')).toEqual([]);
  }, 60_000);
});
