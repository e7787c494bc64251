import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import type { Exchange } from '#sync-engine/documents.ts';
import { commandOf } from '../support/commands.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
let estate: TestEngine;
let nextId = 930_000;
beforeAll(async () => {
  // The file has the ERP observed and everybody else live.
  estate = await startEngine({
    estate: (base) => ({
      ...base,
      systems: base.systems.map((one) => (one.id === 'netsuite' ? { ...one, mode: 'observe' } : one)),
    }),
  });
}, 60_000);
afterAll(() => estate.close());

const turn = (command: 'connector.observe' | 'connector.go_live', connector_id: string, more = {}) =>
  commandOf(estate.nc, command, { actor: olga, connector_id, reason: 'the cut-over', ...more });
const salesOrders = () =>
  (estate.simulator.summary().systems['netsuite'] as Record<string, number>)['sales_orders'] ?? 0;
const of = (events: readonly StepEvent[], step: string) => events.filter((event) => event.step === step);
const settled = ({ step }: StepEvent) => step === 'settle';

test('what an observed system would have been sent is kept with its step, and the order goes on', async () => {
  const key = await estate.placeOrder({ id: ++nextId });
  const events = await estate.until(key, settled);
  const [passed, ...more] = of(events, 'erp_create_sales_order');
  expect(more).toEqual([]);
  expect(passed).toMatchObject({ status: 'skipped', system: 'netsuite', attributes: { passed_over: 'would_send' } });
  expect(passed?.attributes['reason']).toContain('only observed');
  const seq = Number(passed?.attributes['payload_seq']);
  const kept = (await estate.manager.streams.getMessage('PAYLOADS', { seq }))?.json<Exchange>();
  expect(kept?.call).toMatchObject({ method: 'PUT', path: expect.stringContaining('so-') as string });
  expect(kept?.answer).toBeUndefined();
  expect(of(events, 'wms_release').map(({ status }) => status)).toEqual(['started', 'completed']);
  expect(salesOrders()).toBe(0);
});

test('a system goes live without a restart: what comes is sent, and nothing of what it was passed over for', async () => {
  const before = await estate.placeOrder({ id: ++nextId });
  await estate.until(before, ({ step }) => step === 'erp_create_sales_order');
  const live = await turn('connector.go_live', 'netsuite', { passed_over: 2 });
  expect(live.connector?.mode).toMatchObject({ mode: 'live', passed_over: 2, changed_by: olga.id });
  expect(live.message).toContain('is not sent');

  const after = await estate.placeOrder({ id: ++nextId });
  const [, sent] = of(await estate.until(after, settled), 'erp_create_sales_order');
  expect(sent).toMatchObject({ status: 'completed' });
  const invoice = of(await estate.until(before, settled), 'erp_post_invoice');
  expect(invoice).toMatchObject([{ status: 'skipped', system: 'netsuite' }]);
  expect(salesOrders()).toBe(1);

  await estate.restart();
  await estate.until(await estate.placeOrder({ id: ++nextId }), settled);
  expect(salesOrders()).toBe(2);
}, 120_000);

test('what waits for a system when it becomes only observed is passed over too', async () => {
  await commandOf(estate.nc, 'connector.pause', { actor: olga, connector_id: 'netsuite', reason: 'a doubt' });
  const key = await estate.placeOrder({ id: ++nextId });
  const states = await (await openBucket(estate.nc, buckets.connectors)).watch({ key: 'netsuite' });
  for await (const entry of states) if (entry.json<{ pending: number }>().pending > 0) break;
  const observed = await turn('connector.observe', 'netsuite');
  expect(observed.connector).toMatchObject({ paused: true, mode: { mode: 'observe' } });
  // Nobody resumes it.
  const events = of(await estate.until(key, settled), 'erp_create_sales_order');
  expect(events.at(-1)).toMatchObject({ status: 'skipped', attributes: { passed_over: 'would_send' } });
  expect(salesOrders()).toBe(2);
  await commandOf(estate.nc, 'connector.resume', { actor: olga, connector_id: 'netsuite' });
}, 120_000);

test('a warehouse that is only observed is told nothing, and what it would be told is known', async () => {
  await turn('connector.observe', 'wms-east');
  const events = await estate.until(await estate.placeOrder({ id: ++nextId }), ({ step }) => step === 'wms_release');
  expect(of(events, 'wms_release')).toMatchObject([
    { status: 'skipped', system: 'wms-east', attributes: { passed_over: 'would_send' } },
  ]);
  await turn('connector.go_live', 'wms-east');
});

test('availability is not published to an observed channel; once it is live it is told what there is', async () => {
  await turn('connector.observe', 'shopify-us');
  const [item] = estate.simulator.catalogue.active;
  const sku = item?.sku ?? '';
  const news = await estate.js.consumers.get('STEPS', {
    filter_subjects: 'steps.*.inventory_sync.>',
    deliver_policy: 'new',
  });
  const messages = await news.consume();
  const stock = createStockClient(estate.nc, estate.estate);
  await stock.change({
    ...{ schema_version: 1, change_id: 'counted-again', source: 'wms-east', sku, location: 'dc-east', version: 2 },
    ...{ reason: 'count', quantity: 77, occurred_at: new Date().toISOString() },
  });
  let counted: StepEvent | undefined;
  for await (const message of messages) {
    const event = message.json<StepEvent>();
    if (event.sku !== sku || event.location !== 'dc-east') continue;
    if (event.step === 'stock_changed' && event.attributes['reason']?.includes('count') === true) {
      counted = event;
      await turn('connector.go_live', 'shopify-us');
    }
    // What was under way when it became only observed comes before.
    if (counted !== undefined && event.step === 'publish_availability' && event.channel === 'web-us') break;
  }
  expect(counted?.attributes['behind']?.split(' ')).not.toContain('web-us');
});

test('who may not control connectors is refused, a mode that it has already changes nothing, and all is audited', async () => {
  const sam = { id: 'sam@syncline.example', roles: ['support' as const] };
  const refused = await requestCommand(estate.nc, 'connector.go_live', {
    ...{ actor: sam, connector_id: 'netsuite', reason: 'x' },
  });
  expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  expect((await turn('connector.observe', 'netsuite')).message).toContain('already');
  const paused = await requestCommand(estate.nc, 'connector.pause', {
    ...{ actor: olga, connector_id: 'netsuite', reason: 'x' },
  });
  expect(paused).toMatchObject({ ok: false, error: { message: expect.stringContaining('only observed') as string } });
  const acts = (await (await openAudit(estate.nc, estate.log)).latest(50)).filter(
    ({ object_id, action }) => object_id === 'netsuite' && /observe|go_live/.test(action),
  );
  expect(acts.map(({ reason }) => reason)).toEqual(['the cut-over', 'x', 'the cut-over', 'the cut-over']);
  expect(acts.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'connector.observe done',
    'connector.go_live forbidden',
    'connector.observe done',
    'connector.go_live done',
  ]);
});
