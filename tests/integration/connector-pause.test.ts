import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConnectorState, connectorState } from '#contracts/v1/connector-state.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
let estate: TestEngine;
let nextId = 910_000;
beforeAll(async () => {
  // What was pulled and not begun when a pause began comes again after so long.
  estate = await startEngine({ engine: { ackWaitMs: 5_000 } });
}, 60_000);
afterAll(() => estate.close());

/** Resolves once the engine has said this of a connector, after `since`. */
async function untilSaid(
  id: string,
  since: Date,
  matches: (state: ConnectorState) => boolean,
): Promise<ConnectorState> {
  const said = await (await openBucket(estate.nc, buckets.connectors)).watch({ key: id });
  for await (const entry of said) {
    const state = connectorState.parse(entry.json());
    if (Date.parse(state.updated_at) > since.getTime() && matches(state)) return state;
  }
  throw new Error('no longer told of connectors');
}

const isStarted = (step: string) => (event: StepEvent) => event.step === step && event.status === 'started';

test('a paused connector pulls nothing, also after a restart, and goes on where it stood once it is resumed', async () => {
  const placedAt = new Date();
  const paused = await commandOf(estate.nc, 'connector.pause', {
    actor: olga,
    connector_id: 'netsuite',
    reason: 'its period is being closed',
  });
  expect(paused.connector).toMatchObject({ paused: true, version: 1, changed_by: olga.id });
  const key = await estate.placeOrder({ id: ++nextId });
  await untilSaid('netsuite', placedAt, ({ state, pending }) => state === 'paused' && pending > 0);

  await estate.restart();
  const restartedAt = new Date();
  await untilSaid('netsuite', restartedAt, ({ state, pending }) => state === 'paused' && pending > 0);
  expect((await estate.events(key)).filter(isStarted('erp_create_sales_order'))).toEqual([]);

  await commandOf(estate.nc, 'connector.resume', { actor: olga, connector_id: 'netsuite', reason: 'closed' });
  const events = await estate.until(key, ({ step }) => step === 'settle');
  expect(events.filter(isStarted('erp_create_sales_order'))).toHaveLength(1);
  expect(events.map(({ status }) => status)).not.toContain('quarantined');
  await untilSaid('netsuite', restartedAt, ({ state, pending }) => state === 'closed' && pending === 0);
}, 120_000);

test('paused in the middle, nothing is in flight once the calls under way have ended, and no order is sent twice', async () => {
  const keys = await Promise.all(Array.from({ length: 60 }, () => estate.placeOrder({ id: ++nextId })));
  await Promise.race(keys.map((key) => estate.until(key, isStarted('erp_create_sales_order'))));
  const pausedAt = new Date();
  await commandOf(estate.nc, 'connector.pause', { actor: olga, connector_id: 'netsuite', reason: 'a wrong account' });
  await untilSaid(
    'netsuite',
    pausedAt,
    ({ state, pending, in_flight }) => state === 'paused' && pending > 0 && in_flight === 0,
  );
  await commandOf(estate.nc, 'connector.resume', { actor: olga, connector_id: 'netsuite' });
  for (const key of keys) await estate.until(key, ({ step }) => step === 'settle');
  const { sales_orders, upserts } = estate.simulator.summary().systems['netsuite'] as Record<string, number>;
  expect({ sales_orders, upserts }).toEqual({ sales_orders: nextId - 910_000, upserts: 0 });
}, 120_000);

test('what could be done without waits too, as whoever paused it wanted', async () => {
  const pausedAt = new Date();
  expect(estate.estate.systems.find(({ id }) => id === 'taxjar')?.degradable).toBe(true);
  await commandOf(estate.nc, 'connector.pause', { actor: olga, connector_id: 'taxjar', reason: 'wrong rates' });
  const key = await estate.placeOrder({ id: ++nextId });
  await untilSaid('taxjar', pausedAt, ({ state, pending }) => state === 'paused' && pending > 0);
  await commandOf(estate.nc, 'connector.resume', { actor: olga, connector_id: 'taxjar' });
  const events = await estate.until(key, ({ step }) => step === 'settle');
  expect(events.map(({ status }) => status)).not.toContain('degraded');
}, 90_000);

test('a drained connector sends what was on its queue, then is paused; what came meanwhile waits', async () => {
  const hold = (paused: 'connector.pause' | 'connector.resume' | 'connector.drain') =>
    commandOf(estate.nc, paused, { actor: olga, connector_id: 'netsuite', reason: 'its upgrade' });
  await hold('connector.pause');
  const heldAt = new Date();
  const first = await Promise.all(Array.from({ length: 8 }, () => estate.placeOrder({ id: ++nextId })));
  await untilSaid('netsuite', heldAt, ({ state, pending }) => state === 'paused' && pending >= 8);
  await hold('connector.resume');
  const drained = await hold('connector.drain');
  expect(drained.connector).toMatchObject({ paused: false, changed_by: olga.id });
  expect(drained.connector?.drain_to).toBeGreaterThan(0);

  const drainedAt = new Date();
  const late = await estate.placeOrder({ id: ++nextId });
  for (const key of first)
    await estate.until(key, ({ step, status }) => step === 'erp_create_sales_order' && status === 'completed');
  await untilSaid('netsuite', drainedAt, ({ state, pending, in_flight }) => {
    return state === 'paused' && pending > 0 && in_flight === 0;
  });
  expect((await estate.events(late)).filter(isStarted('erp_create_sales_order'))).toEqual([]);

  await hold('connector.resume');
  for (const key of [...first, late]) await estate.until(key, ({ step }) => step === 'settle');
}, 120_000);

test('nothing is sent within a window that somebody planned, and what waited goes once it is cancelled', async () => {
  const from = new Date();
  const until = new Date(from.getTime() + 3_600_000).toISOString();
  const planned = await commandOf(estate.nc, 'connector.plan_maintenance', {
    ...{ actor: olga, connector_id: 'netsuite', reason: 'its upgrade' },
    ...{ from: from.toISOString(), until },
  });
  const [window] = planned.connector?.windows ?? [];
  expect(window).toMatchObject({ until, planned_by: olga.id });
  const key = await estate.placeOrder({ id: ++nextId });
  await untilSaid('netsuite', from, ({ state, pending }) => state === 'maintenance' && pending > 0);
  expect((await estate.events(key)).filter(isStarted('erp_create_sales_order'))).toEqual([]);
  await commandOf(estate.nc, 'connector.cancel_maintenance', {
    ...{ actor: olga, connector_id: 'netsuite', window_id: window?.id ?? '' },
  });
  await estate.until(key, ({ step }) => step === 'settle');

  const ask = (times: { from: string; until: string }) =>
    requestCommand(estate.nc, 'connector.plan_maintenance', {
      ...{ actor: olga, connector_id: 'netsuite', reason: 'its upgrade' },
      ...times,
    });
  expect(await ask({ from: until, until })).toMatchObject({ ok: false, error: { code: 'invalid' } });
  const past = '2026-03-01T09:00:00.000Z';
  expect(await ask({ from: '2026-03-01T08:00:00.000Z', until: past })).toMatchObject({ ok: false });
}, 120_000);

test('who may not control connectors is refused, and every act is in the audit trail', async () => {
  const ask = (actor: { id: string; roles: ('support' | 'operations')[] }, connector_id: string) =>
    requestCommand(estate.nc, 'connector.pause', { actor, connector_id, reason: 'a secret reason' });
  const sam = { id: 'sam@syncline.example', roles: ['support' as const] };
  expect(await ask(sam, 'wms-east')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  expect(await ask(olga, 'nobody')).toMatchObject({ ok: false, error: { code: 'not_found' } });
  expect(await ask(olga, 'wms-east')).toMatchObject({ ok: true, connector: { version: 1 } });
  expect(await ask(olga, 'wms-east')).toMatchObject({ ok: true, connector: { version: 1 } });
  await commandOf(estate.nc, 'connector.resume', { actor: olga, connector_id: 'wms-east' });

  const acts = (await (await openAudit(estate.nc, estate.log)).latest(50)).filter(
    ({ object_kind, object_id }) => object_kind === 'connector' && ['wms-east', 'nobody'].includes(object_id),
  );
  expect(acts.map(({ action, object_id, outcome }) => `${action} ${object_id} ${outcome}`)).toEqual([
    'connector.resume wms-east done',
    'connector.pause wms-east done',
    'connector.pause wms-east done',
    'connector.pause nobody not_found',
    'connector.pause wms-east forbidden',
  ]);
  expect(JSON.stringify(acts)).not.toContain('secret reason');
});
