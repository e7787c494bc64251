import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { immediatePace } from '#simulator/pace.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { ledgers, marketPayment, openMarketplace, postReceipt, untilReturn } from '../support/returns.ts';
import { postShipment } from '../support/warehouse.ts';

/** Goods that are back before their order knows that they left, or has taken its money. */
let engine: TestEngine;
let market: Awaited<ReturnType<typeof openMarketplace>>;
let sku: string;
const AN_HOUR = 3_600_000;
beforeAll(async () => {
  // The warehouse says nothing by itself: these tests speak for it.
  engine = await startEngine({ simulator: { pace: { ...immediatePace, shipAfterMs: [AN_HOUR, AN_HOUR] } } });
  market = await openMarketplace(engine);
  sku = engine.simulator.catalogue.active[0]?.sku ?? '';
}, 60_000);
afterAll(() => engine.close());

async function shipped(reference: string, parcel: string, quantity: number): Promise<void> {
  const shipment_id = `${reference}-${parcel}`;
  const lines = [{ line_id: 'L1', sku, quantity }];
  const message = { reference, shipment_id, shipped_at: new Date().toISOString(), lines };
  expect((await postShipment(engine, JSON.stringify(message))).status).toBe(200);
}
/** @returns the return's key. */
async function backOf(reference: string, receipt_id: string, quantity: number): Promise<string> {
  const lines = [{ line_id: 'L1', sku, quantity, condition: 'sellable', reason_code: 'changed_mind' }];
  expect((await postReceipt(engine, { receipt_id, reference, lines })).status).toBe(200);
  return transactionKey('wms-east', `return-${receipt_id}`);
}
const untilCapture = (order: string, wanted: string) =>
  engine.until(order, ({ step, status }) => step === 'capture_payment' && status === wanted);
const stops = async (key: string) =>
  (await engine.events(key, 'return_to_refund')).filter(({ status }) => status === 'quarantined');

test('goods that are back while their payment is being captured are refunded once it is', async () => {
  const paid = await market.order('HM-71-001', 'authorization', 'wms_release');
  await shipped(paid, '1', 3);
  await untilCapture(paid, 'completed');
  engine.simulator.conditions.setFault('stripe', 'error', 1);
  const capturing = await market.order('HM-71-002', 'authorization', 'wms_release');
  await shipped(capturing, '1', 3);
  await untilCapture(capturing, 'retrying');
  const early = await backOf(capturing, 'RC-71-002', 3);
  // Told after it, and refused by the same provider in its turn: the first has been looked at by then.
  await untilReturn(engine, await backOf(paid, 'RC-71-001', 3), 'refund_payment', 'retrying');
  expect(await engine.events(early, 'return_to_refund')).toEqual([]);

  engine.simulator.conditions.clearFaults();
  await untilReturn(engine, early, 'close');
  expect(await stops(early)).toEqual([]);
  expect(ledgers(engine).refundsOf(marketPayment('HM-71-002'))).toEqual([expect.objectContaining({ amount: 11_605 })]);
}, 60_000);

test('the second unit of a line that is back before its own parcel is told of waits for that', async () => {
  const order = await market.order('HM-71-003', 'authorization', 'wms_release');
  await shipped(order, '1', 1);
  await untilCapture(order, 'completed');
  await untilReturn(engine, await backOf(order, 'RC-71-003', 1), 'close');
  const early = await backOf(order, 'RC-71-004', 2);
  const other = await market.order('HM-71-004', 'authorization', 'wms_release');
  await shipped(other, '1', 3);
  await untilCapture(other, 'completed');
  await untilReturn(engine, await backOf(other, 'RC-71-005', 3), 'close');
  expect(await engine.events(early, 'return_to_refund')).toEqual([]);

  await shipped(order, '2', 2);
  await untilReturn(engine, early, 'close');
  expect(await stops(early)).toEqual([]);
}, 60_000);
