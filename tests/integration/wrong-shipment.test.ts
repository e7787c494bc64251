import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { immediatePace } from '#simulator/pace.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { untilTaken } from '../support/intake.ts';
import { postShipment } from '../support/warehouse.ts';

const actor = { id: 'olga', roles: ['operations' as const, 'support' as const] };
const AN_HOUR = 3_600_000;

let estate: TestEngine;
let nextId = 61_000;
beforeAll(async () => {
  // The warehouse says nothing by itself: these tests speak for it.
  estate = await startEngine({ simulator: { pace: { ...immediatePace, shipAfterMs: [AN_HOUR, AN_HOUR] } } });
}, 60_000);
afterAll(() => estate.close());

interface Line {
  line_id: string;
  sku: string;
  quantity: number;
}

async function waitingOrder(): Promise<{ key: string; lines: Line[]; draft: OrderDraft }> {
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const key = await estate.placeOrder(draft);
  await estate.until(key, ({ step, status }) => step === 'wms_release' && status === 'completed');
  const lines = draft.lines.map(({ id, sku, quantity }) => ({ line_id: String(id), sku, quantity }));
  return { key, lines, draft };
}

const messageOf = (key: string, id: string, lines: readonly Line[]): string =>
  JSON.stringify({
    event_id: randomUUID(),
    warehouse: 'wms-east',
    reference: key,
    shipment_id: id,
    carrier: 'UPS',
    tracking_number: `1Z${id}`,
    shipped_at: new Date().toISOString(),
    lines,
  });

/** @returns the key of the message's own transaction, should it become one. */
async function report(body: string): Promise<string> {
  const response = await postShipment(estate, body);
  const { intake_seq } = (await response.json()) as { intake_seq: number };
  return transactionKey('wms-east', `intake-${intake_seq}`);
}

async function stopOf(key: string): Promise<StepEvent> {
  const stop = (await estate.until(key, ({ status }) => status === 'quarantined')).at(-1);
  if (stop === undefined) throw new Error(`nothing stopped ${key}`);
  return stop;
}
const statusOf = async (id: string) => (await caseState(estate, id)).status;
const shipped = (events: StepEvent[]) =>
  events
    .filter(({ step, status }) => step === 'shipment_confirmed' && status === 'completed')
    .map(({ attributes }) => attributes['ref_shipment']);
const isNotified = ({ step }: StepEvent) => step === 'notify_customer';

test('a wrong shipment is a case of its own: discarded, its order goes on with the right one', async () => {
  const { key, lines } = await waitingOrder();
  const message = await report(
    messageOf(key, `W-${nextId}`, [
      { line_id: '1', sku: lines[0]?.sku ?? '', quantity: 1 },
      { line_id: lines[1]?.line_id ?? '', sku: lines[1]?.sku ?? '', quantity: 9 },
    ]),
  );
  const stop = await stopOf(message);
  expect(stop).toMatchObject({ step: 'apply_fulfilment_message', error_code: 'unknown_line' });
  const dryRun = commandOf(estate.nc, 'case.dry-run', { actor, case_id: stop.case_id });
  await expect(dryRun).rejects.toThrow('A message cannot be tried');
  await commandOf(estate.nc, 'case.discard', { actor, case_id: stop.case_id, revision: 1, reason: 'a mix-up' });

  await report(messageOf(key, `R-${nextId}`, lines));
  const events = await estate.until(key, isNotified);
  expect(shipped(events)).toEqual([`R-${nextId}`]);
  expect(events.map(({ status }) => status)).not.toContain('quarantined');
}, 30_000);

test('a wrong shipment is corrected in its own message and replayed into its order', async () => {
  const { key, lines } = await waitingOrder();
  const [first, ...rest] = lines;
  if (first === undefined) throw new Error('an order without lines');
  const message = await report(messageOf(key, `C-${nextId}`, [{ ...first, quantity: first.quantity + 1 }, ...rest]));
  const stop = await stopOf(message);
  expect(stop).toMatchObject({ error_code: 'shipped_too_many', error_path: '/lines/0/quantity' });

  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor,
    case_id: stop.case_id,
    revision: 1,
    payload: messageOf(key, `C-${nextId}`, lines),
    reason: 'the warehouse counted again',
  });
  await commandOf(estate.nc, 'case.replay', { actor, case_id: stop.case_id, revision: fixed.case?.revision ?? 0 });
  const events = await estate.until(key, isNotified);
  expect(shipped(events)).toEqual([`C-${nextId}`]);
  expect(events.find(({ step }) => step === 'shipment_confirmed')?.attributes['remaining_units']).toBe('0');
  await expect.poll(() => statusOf(stop.case_id)).toBe('resolved');
  expect((await createStockClient(estate.nc, estate.estate).reservation(key))?.open ?? []).toEqual([]);
}, 30_000);

test('one parcel too many holds up none of the order’s own', async () => {
  const { key, lines } = await waitingOrder();
  const [first, second] = lines;
  if (first === undefined || second === undefined) throw new Error('an order of one line');
  await report(messageOf(key, `A-${nextId}`, [first]));
  await estate.until(key, ({ step, status }) => step === 'shipment_confirmed' && status === 'completed');
  const again = await stopOf(await report(messageOf(key, `B-${nextId}`, [first])));
  expect(again).toMatchObject({ error_code: 'shipped_too_many' });
  await report(messageOf(key, `D-${nextId}`, [second]));
  const events = await estate.until(
    key,
    ({ step, attributes }) => step === 'shipment_confirmed' && attributes['remaining_units'] === '0',
  );
  expect(shipped(events)).toEqual([`A-${nextId}`, `D-${nextId}`]);
  expect(await statusOf(again.case_id)).toBe('open');
}, 30_000);

test('a parcel that the shop shows is known where we shipped it, and a case of its order where its staff did', async () => {
  const { key, lines, draft } = await waitingOrder();
  await report(messageOf(key, `O-${nextId}`, lines));
  await estate.until(key, isNotified);

  const other = await waitingOrder();
  const parcel = estate.simulator.systems.shopDesks.get('shopify-us')?.fulfil(String(other.draft.id), 'HAND-1') ?? '';
  const stop = await stopOf(transactionKey('shopify-us', `parcel-${parcel}`));
  expect(stop).toMatchObject({
    step: 'apply_fulfilment_message',
    error_class: 'conflict',
    error_code: 'shipped_by_channel',
    legal_entity: 'us-retail',
  });
  expect(stop.error_message).toContain('HAND-1');
  expect((await estate.events(other.key)).at(-1)).toMatchObject({ business_key: stop.business_key });

  await untilTaken(estate, 'fulfilment');
  const shown = estate.simulator.systems.shops.get('shopify-us')?.orders.get(String(draft.id))?.fulfilments ?? [];
  expect(shown).toHaveLength(1);
  for (const { id } of shown) expect(await estate.events(transactionKey('shopify-us', `parcel-${id}`))).toEqual([]);
}, 30_000);
