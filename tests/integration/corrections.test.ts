import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { requestCommand } from '#platform/nats/service.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { caseState } from '../support/cases.ts';
import { commandOf, controlSimulator } from '../support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { postShipment } from '../support/warehouse.ts';

const actor = { id: 'sam', roles: ['support' as const] };
const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';
const isQuarantined = ({ status }: StepEvent) => status === 'quarantined';

let estate: TestEngine;
let nextId = 30_000;

beforeAll(async () => {
  estate = await startEngine({
    estate: (declared) => ({
      ...declared,
      systems: declared.systems.map((system) =>
        system.id === 'netsuite'
          ? {
              ...system,
              retry: { ...system.retry, max_attempts: 1 },
              limits: { ...system.limits, breaker_failures: 50 },
            }
          : system,
      ),
    }),
  });
}, 60_000);
afterAll(() => estate.close());

const command = <N extends CommandName>(name: N, request: CommandRequest<N>) => commandOf(estate.nc, name, request);
const caseOf = (id: string) => caseState(estate, id);
const stopOf = async (key: string, after = 0): Promise<StepEvent> => {
  const events = await estate.until(key, (event) => isQuarantined(event) && event.ordinal > after);
  const found = events.findLast(isQuarantined);
  if (found === undefined) throw new Error('nothing was quarantined');
  return found;
};
const payloadOf = (draft: OrderDraft): string =>
  JSON.stringify(buildShopifyOrder(draft, 'northwind-lane-us.myshopify.com'));
const completed = (events: StepEvent[], step: string) =>
  events.filter((event) => event.step === step && event.status === 'completed');

/** An order whose tax the ERP refuses, so that it stops there with its stock reserved. */
async function stoppedAtErp(id: number): Promise<{ key: string; draft: OrderDraft; stop: StepEvent }> {
  const title = `Levy ${id}`;
  await command('mapping.put', {
    actor,
    kind: 'tax_code',
    system: 'netsuite',
    code: title,
    target: 'NO-SUCH-CODE',
    reason: 'a mistake',
  });
  const draft = orderDraft(estate.simulator, { id });
  const taxed = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title })) }));
  const key = await estate.placeOrder({ ...draft, lines: taxed });
  const stop = await stopOf(key);
  expect(stop.step).toBe('erp_create_sales_order');
  return { key, draft, stop };
}

async function correct(stop: StepEvent, payload: string): Promise<void> {
  const { revision } = await caseOf(stop.case_id);
  const fixed = await command('case.fix', { actor, case_id: stop.case_id, revision, payload, reason: 'corrected' });
  await command('case.replay', { actor, case_id: stop.case_id, revision: fixed.case?.revision ?? 0 });
}

test('a replay goes on at the step that failed, and repeats none that is done', async () => {
  await controlSimulator(estate, 'maintenance', { system: 'wms-east', seconds: 4 });
  const key = await estate.placeOrder({ id: ++nextId });
  await estate.until(key, ({ step, status }) => step === 'wms_release' && status === 'retrying');
  await controlSimulator(estate, 'faults', { system: 'netsuite', fault: 'error', probability: 1 });
  const stop = await stopOf(key);
  expect(stop.step).toBe('erp_post_invoice');
  await controlSimulator(estate, 'faults', { system: 'netsuite', fault: 'error', probability: 0 });
  await command('case.replay', { actor, case_id: stop.case_id, revision: 1 });
  const events = await estate.until(key, isSettled);
  expect(events.slice(stop.ordinal).map(({ step, status }) => `${step} ${status}`)).toEqual([
    'erp_post_invoice replayed',
    'canonicalise completed',
    'validate completed',
    'erp_post_invoice started',
    'erp_post_invoice completed',
    'settle completed',
  ]);
  expect(await caseOf(stop.case_id)).toMatchObject({ status: 'resolved' });
}, 60_000);

test('a correction that changes the lines after the reservation is reserved anew, and nothing stays set aside', async () => {
  const { key, draft, stop } = await stoppedAtErp(++nextId);
  const [, , third] = estate.simulator.catalogue.active;
  const [first, ...rest] = draft.lines;
  if (first === undefined || third === undefined) throw new Error('nothing to correct');
  const stock = createStockClient(estate.nc, estate.estate);
  expect((await stock.reservation(key))?.open.map(({ sku }) => sku)).toContain(first.sku);

  await correct(stop, payloadOf({ ...draft, lines: [{ ...first, sku: third.sku }, ...rest] }));
  const events = await estate.until(
    key,
    (event) => isSettled(event) || (isQuarantined(event) && event.ordinal > stop.ordinal),
  );
  expect(events.at(-1)?.error_message).toBe('');
  expect(completed(events, 'reserve_stock')).toHaveLength(2);
  expect(completed(events, 'fraud_screen')).toHaveLength(1);
  expect((await stock.reservation(key))?.open ?? []).toEqual([]);
  const held = await stock.positions([first.sku, third.sku]);
  expect(held.filter(({ reserved }) => reserved !== 0)).toEqual([]);
}, 30_000);

test('a correction that is itself wrong returns its case to open, and the next one cures it', async () => {
  const { key, draft, stop } = await stoppedAtErp(++nextId);
  await correct(stop, '{"id":"nothing"}');
  const again = await stopOf(key, stop.ordinal);
  expect(again).toMatchObject({ step: 'canonicalise', case_id: stop.case_id });
  expect(await caseOf(stop.case_id)).toMatchObject({ status: 'open', times_failed: 2 });

  await correct(stop, payloadOf(draft));
  const events = await estate.until(key, isSettled);
  expect(completed(events, 'reserve_stock')).toHaveLength(1);
  expect(await caseOf(stop.case_id)).toMatchObject({ status: 'resolved' });
}, 30_000);

test('a case of an order that was cancelled cannot be restored', async () => {
  const { key, stop } = await stoppedAtErp(++nextId);
  const discarded = await command('case.discard', { actor, case_id: stop.case_id, revision: 1, reason: 'a duplicate' });
  await command('order.cancel', { actor, key, reason: 'customer called' });
  await estate.until(key, ({ step }) => step === 'cancelled');
  const reply = await requestCommand(estate.nc, 'case.restore', {
    actor,
    case_id: stop.case_id,
    revision: discarded.case?.revision ?? 0,
  });
  expect(reply).toMatchObject({ ok: false, error: { code: 'refused' } });
  expect(await caseOf(stop.case_id)).toMatchObject({ status: 'discarded' });
}, 30_000);

test('a discarded case that is restored can be replayed to the end', async () => {
  const { key, draft, stop } = await stoppedAtErp(++nextId);
  const discarded = await command('case.discard', { actor, case_id: stop.case_id, revision: 1, reason: 'by mistake' });
  await command('case.restore', { actor, case_id: stop.case_id, revision: discarded.case?.revision ?? 0 });
  await correct(stop, payloadOf(draft));
  await estate.until(key, isSettled);
  expect(await caseOf(stop.case_id)).toMatchObject({ status: 'resolved' });
}, 30_000);

test('an order cancelled while its replay is under way closes the case', async () => {
  const { key, draft, stop } = await stoppedAtErp(++nextId);
  await command('order.hold', { actor, key, reason: 'look at it' });
  await correct(stop, payloadOf(draft));
  await estate.until(key, ({ step, status }) => step === 'erp_create_sales_order' && status === 'replayed');
  await command('order.cancel', { actor, key, reason: 'customer called' });
  await estate.until(key, ({ step }) => step === 'cancelled');
  expect(await caseOf(stop.case_id)).toMatchObject({ status: 'resolved' });
}, 30_000);

test('an order that was released once goes on, however often the release is repeated', async () => {
  await controlSimulator(estate, 'maintenance', { system: 'wms-east', seconds: 4 });
  const key = await estate.placeOrder({ id: ++nextId });
  await estate.until(key, ({ step, status }) => step === 'wms_release' && status === 'retrying');
  await command('order.hold', { actor, key, reason: 'address check' });
  await command('order.release', { actor, key });
  const again = await requestCommand(estate.nc, 'order.release', { actor, key });
  expect(again).toMatchObject({ ok: false, error: { message: 'The order is not on hold.' } });
  await estate.until(key, isSettled);
}, 30_000);

test('a command cannot reach beyond the one order or case it names', async () => {
  const order = await requestCommand(estate.nc, 'order.cancel', { actor, key: '>>>', reason: 'all of them' });
  expect(order).toMatchObject({ ok: false, error: { code: 'invalid' } });
  const ofCase = await requestCommand(estate.nc, 'case.discard', { actor, case_id: '*', revision: 1, reason: 'all' });
  expect(ofCase).toMatchObject({ ok: false, error: { code: 'invalid' } });
});

test('goods that leave though their order was cancelled are a case', async () => {
  const { key, draft } = await stoppedAtErp(++nextId);
  await command('order.cancel', { actor, key, reason: 'customer called' });
  await estate.until(key, ({ step }) => step === 'cancelled');
  const [line] = draft.lines;
  const body = JSON.stringify({
    event_id: randomUUID(),
    warehouse: 'wms-east',
    reference: key,
    shipment_id: `S-${nextId}`,
    carrier: 'UPS',
    tracking_number: `1Z${nextId}`,
    shipped_at: new Date().toISOString(),
    lines: [{ line_id: String(line?.id), sku: line?.sku, quantity: 1 }],
  });
  const response = await postShipment(estate, body);
  const { intake_seq } = (await response.json()) as { intake_seq: number };
  const stop = await stopOf(transactionKey('wms-east', `intake-${intake_seq}`));
  expect(stop).toMatchObject({ error_code: 'order_is_over', error_class: 'conflict' });
}, 30_000);
