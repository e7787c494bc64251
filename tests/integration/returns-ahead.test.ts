import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { ledgers, marketPayment, openMarketplace, postReceipt, untilReturn } from '../support/returns.ts';

/** Goods that are back before their order has taken its money. */
let engine: TestEngine;
let market: Awaited<ReturnType<typeof openMarketplace>>;
beforeAll(async () => {
  engine = await startEngine();
  market = await openMarketplace(engine);
}, 60_000);
afterAll(() => engine.close());

const backOf = async (order: string, reference: string, quantity: number): Promise<string> => {
  const [item] = engine.simulator.catalogue.active;
  const lines = [{ line_id: 'L1', sku: item?.sku, quantity, condition: 'sellable', reason_code: 'changed_mind' }];
  const response = await postReceipt(engine, { receipt_id: reference, reference: order, lines });
  expect(response.status).toBe(200);
  return transactionKey('wms-east', `return-${reference}`);
};

test('goods that are back while their payment is being captured are refunded once it is', async () => {
  const settled = await market.order('HM-71-001');
  engine.simulator.conditions.setFault('stripe', 'error', 1);
  const capturing = await market.order('HM-71-002', 'authorization', 'wms_release');
  await engine.until(capturing, ({ step, status }) => step === 'capture_payment' && status === 'retrying');
  const early = await backOf(capturing, 'RC-71-002', 3);
  // Told after it, and refused by the same provider in its turn: the first has been looked at by then.
  const late = await backOf(settled, 'RC-71-001', 3);
  await untilReturn(engine, late, 'refund_payment', 'retrying');
  expect(await engine.events(early, 'return_to_refund')).toEqual([]);

  engine.simulator.conditions.clearFaults();
  const events = await untilReturn(engine, early, 'close');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  expect(ledgers(engine).refundsOf(marketPayment('HM-71-002'))).toEqual([expect.objectContaining({ amount: 11_605 })]);
}, 60_000);
