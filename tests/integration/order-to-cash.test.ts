import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { caseState } from '../support/cases.ts';
import { commandOf, controlSimulator } from '../support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';

const actor = { id: 'sam', roles: ['support' as const] };
const isSettled = (event: StepEvent) => event.step === 'settle' && event.status === 'completed';
const isQuarantined = (event: StepEvent) => event.status === 'quarantined';
const names = (events: StepEvent[]) => events.map(({ step, status }) => `${step} ${status}`);

let estate: TestEngine;
let nextId = 9_000;
const newId = () => ++nextId;

beforeAll(async () => {
  estate = await startEngine();
}, 60_000);
afterAll(() => estate.close());

const command = <N extends CommandName>(name: N, request: CommandRequest<N>) => commandOf(estate.nc, name, request);
const caseOf = (id: string) => caseState(estate, id);
const quarantineOf = (events: StepEvent[]): StepEvent => {
  const found = events.find(isQuarantined);
  if (found === undefined) throw new Error('nothing was quarantined');
  return found;
};
const control = (path: string, body: object) => controlSimulator(estate, path, body);
const unmappedDraft = (id: number) => {
  const draft = orderDraft(estate.simulator, { id });
  const lines = draft.lines.map((line) => ({
    ...line,
    taxes: line.taxes.map((tax) => ({ ...tax, title: `Levy ${id}` })),
  }));
  return { ...draft, lines };
};

describe('an order without trouble', () => {
  test('passes every step once, in order, and each system holds one document of it', async () => {
    const id = newId();
    const key = await estate.placeOrder({ id });
    const events = await estate.until(key, isSettled);

    expect(events.map(({ ordinal }) => ordinal)).toEqual(events.map((_, i) => i + 1));
    const completed = events.filter(({ status }) => status === 'completed').map(({ step }) => step);
    const signals = ['shipment_received', 'delivery_received'];
    expect(completed.filter((step) => !signals.includes(step))).toEqual([
      'intake_received',
      'canonicalise',
      'validate',
      'tax_enrich',
      'fraud_screen',
      'reserve_stock',
      'acknowledge_channel',
      'erp_create_sales_order',
      'wms_release',
      'shipment_confirmed',
      'capture_payment',
      'channel_fulfilment',
      'notify_customer',
      'delivered',
      'erp_post_invoice',
      'settle',
    ]);
    const shop = estate.simulator.state('shopify-us')['shopify-us'] as {
      orders: { id: string; authorised: string; captures: string[]; acknowledged: boolean }[];
    };
    const order = shop.orders.find((candidate) => candidate.id === String(id));
    expect(order).toMatchObject({ acknowledged: true, captures: [order?.authorised] });
  });

  test('told twice is carried once', async () => {
    const id = newId();
    const draft = orderDraft(estate.simulator, { id });
    const key = await estate.placeOrder(draft, { webhookId: `first-${id}` });
    await estate.placeOrder(draft, { webhookId: `second-${id}` });
    const events = await estate.until(key, isSettled);
    expect(events.filter(({ step }) => step === 'intake_received')).toHaveLength(1);
  });

  test('that policy leaves alone is recorded and nothing is done for it', async () => {
    const key = await estate.placeOrder({ id: newId(), test: true });
    const events = await estate.until(key, ({ step }) => step === 'validate');
    expect(names(events)).toEqual(['intake_received completed', 'canonicalise completed', 'validate skipped']);
    expect(events.at(-1)?.attributes['reason']).toContain('test order');
  });

  test('that policy leaves alone stays so, whatever its channel still says of it', async () => {
    const id = newId();
    const draft = orderDraft(estate.simulator, { id, test: true });
    const key = await estate.placeOrder(draft);
    await estate.until(key, ({ step }) => step === 'validate');
    const shop = estate.estate.systems.find(({ id: system }) => system === 'shopify-us')?.settings['shop_domain'] ?? '';
    const body = JSON.stringify(buildShopifyOrder(draft, shop));
    expect((await estate.postShopify('orders/updated', body, `update-${id}`)).status).toBe(200);
    const events = await estate.until(key, ({ step }) => step === 'channel_update_received');
    expect(names(events).slice(2)).toEqual(['validate skipped', 'channel_update_received skipped']);
  });
});

describe('an order with an unmapped tax code', () => {
  test('stops with the field named, and after the mapping is replayed to the end of the same transaction', async () => {
    const id = newId();
    const key = await estate.placeOrder(unmappedDraft(id));
    const stopped = quarantineOf(await estate.until(key, isQuarantined));
    expect(stopped).toMatchObject({ step: 'validate', error_class: 'mapping', error_path: '/lines/0/taxes/0/code' });

    const opened = await caseOf(stopped.case_id);
    expect(opened).toMatchObject({
      status: 'open',
      problems: [{ missing_mapping: { kind: 'tax_code', code: `Levy ${id}` } }],
    });
    const missing = opened.problems[0]?.missing_mapping;
    const mapping = {
      kind: 'tax_code' as const,
      system: missing?.system ?? '',
      code: missing?.code ?? '',
      target: 'TX-NY',
    };

    const before = await command('case.dry-run', { actor, case_id: opened.case_id });
    expect(before.dry_run).toMatchObject({ ok: false });
    const trial = await command('case.dry-run', { actor, case_id: opened.case_id, mappings: [mapping] });
    expect(trial.dry_run?.ok).toBe(true);
    expect(trial.dry_run?.calls.map(({ step }) => step)).toContain('erp_create_sales_order');
    expect(await estate.events(key)).toHaveLength(3);

    const { target } = await anyTaxTarget();
    await command('mapping.put', { ...mapping, actor, target, reason: 'new levy', case_id: opened.case_id });
    const current = await caseOf(opened.case_id);
    await command('case.replay', { actor, case_id: opened.case_id, revision: current.revision });
    const events = await estate.until(key, isSettled);
    expect(new Set(events.map(({ trace_id }) => trace_id)).size).toBe(1);
    expect(names(events).slice(2, 6)).toEqual([
      'validate quarantined',
      'validate replayed',
      'canonicalise completed',
      'validate completed',
    ]);
    expect(await caseOf(opened.case_id)).toMatchObject({ status: 'resolved', outcome: 'The flow got past validate.' });
  });

  test('is not resolved by a replay that fails again', async () => {
    const key = await estate.placeOrder(unmappedDraft(newId()));
    const stopped = quarantineOf(await estate.until(key, isQuarantined));
    await command('case.replay', { actor, case_id: stopped.case_id, revision: 1 });
    const events = await estate.until(key, (event) => isQuarantined(event) && event.ordinal > stopped.ordinal);
    expect(events.at(-1)?.case_id).toBe(stopped.case_id);
    expect(await caseOf(stopped.case_id)).toMatchObject({ status: 'open', times_failed: 2 });
  });

  test('is corrected in its payload, whose first version stays as it arrived', async () => {
    const id = newId();
    const key = await estate.placeOrder(unmappedDraft(id));
    const stopped = quarantineOf(await estate.until(key, isQuarantined));
    const body = buildShopifyOrder(orderDraft(estate.simulator, { id }), 'northwind-lane-us.myshopify.com');
    const fixed = await command('case.fix', {
      actor,
      case_id: stopped.case_id,
      revision: 1,
      payload: JSON.stringify(body),
      reason: 'wrong tax title',
    });
    expect(fixed.case).toMatchObject({ status: 'fixed', payload_version: 2 });
    await command('case.replay', { actor, case_id: stopped.case_id, revision: fixed.case?.revision ?? 0 });
    const events = await estate.until(key, isSettled);
    expect(events.find(({ step, status }) => step === 'validate' && status === 'completed')?.payload_version).toBe(2);
  });

  test('is not replayed by two people: the second is told who was first', async () => {
    const key = await estate.placeOrder(unmappedDraft(newId()));
    const stopped = quarantineOf(await estate.until(key, isQuarantined));
    const ask = (id: string) =>
      requestCommand(estate.nc, 'case.assign', {
        actor: { ...actor, id },
        case_id: stopped.case_id,
        revision: 1,
        assignee: id,
      });
    const replies = await Promise.all([ask('ann'), ask('ben')]);
    const winner = replies.find((reply) => reply.ok);
    const loser = replies.find((reply) => !reply.ok);
    expect(loser).toMatchObject({
      error: { code: 'conflict' },
      case: { assignee: winner?.ok === true ? winner.case?.assignee : '' },
    });
  });

  test('is not touched by somebody who may only look', async () => {
    const key = await estate.placeOrder(unmappedDraft(newId()));
    const stopped = quarantineOf(await estate.until(key, isQuarantined));
    const viewer = { id: 'vera', roles: ['viewer' as const] };
    const reply = await requestCommand(estate.nc, 'case.replay', {
      actor: viewer,
      case_id: stopped.case_id,
      revision: 1,
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

describe('a cancellation', () => {
  test('that comes before its order is held and applied in order', async () => {
    const id = newId();
    const draft = orderDraft(estate.simulator, { id });
    const cancelled = buildShopifyOrder(draft, 'northwind-lane-us.myshopify.com', { cancelledAt: new Date() });
    expect((await estate.postShopify('orders/cancelled', JSON.stringify(cancelled))).status).toBe(200);
    await control('maintenance', { system: 'wms-east', seconds: 3 });
    const key = await estate.placeOrder(draft);
    const events = await estate.until(
      key,
      ({ step, status }) => step === 'cancelled' || (step === 'settle' && status === 'completed'),
    );
    expect(events.at(-1)?.step).toBe('cancelled');
  });

  test('undoes what was done, last first', async () => {
    await control('maintenance', { system: 'wms-east', seconds: 2 });
    const key = await estate.placeOrder({ id: newId() });
    await estate.until(key, ({ step, status }) => step === 'wms_release' && status === 'retrying');
    await command('order.cancel', { actor, key, reason: 'customer called' });
    const events = await estate.until(key, ({ step }) => step === 'cancelled');
    const undone = events
      .filter(({ attributes }) => attributes['compensates'] !== undefined)
      .map(({ step, status }) => `${step} ${status}`);
    expect(undone).toEqual([
      'erp_create_sales_order compensated',
      'acknowledge_channel compensated',
      'reserve_stock compensated',
      'void_authorization skipped',
    ]);
    const reserved = await stockReserved(key);
    expect(reserved).toBe(false);
  });
});

describe('trouble outside', () => {
  test('a lost answer makes no second sales order', async () => {
    await control('faults', { system: 'netsuite', fault: 'lost_answer', probability: 1 });
    const key = await estate.placeOrder({ id: newId() });
    await estate.until(key, ({ step, status }) => step === 'erp_create_sales_order' && status === 'retrying');
    await control('faults', { system: 'netsuite', fault: 'lost_answer', probability: 0 });
    const events = await estate.until(key, isSettled);
    const erp = events.filter(({ step }) => step === 'erp_create_sales_order');
    expect(erp.at(-1)?.attributes['looked_up']).toBe('true');
    const state = estate.simulator.state('netsuite')['netsuite'] as { salesOrders: { externalId: string }[] };
    expect(state.salesOrders.filter(({ externalId }) => externalId === `so-${key}`)).toHaveLength(1);
  });
});

describe('a tax service that is away', () => {
  const isDegraded = ({ step, status }: StepEvent) => step === 'tax_enrich' && status === 'degraded';
  const fail = (probability: number) => control('faults', { system: 'taxjar', fault: 'error', probability });
  const taxSteps = (events: readonly StepEvent[]) =>
    events
      .filter(({ step, status }) => step.startsWith('tax_') && !['started', 'retrying'].includes(status))
      .map(({ step, status }) => `${step} ${status}`);
  afterEach(() => fail(0));

  test('holds no order up, and is asked again before the invoice', async () => {
    await fail(1);
    const key = await estate.placeOrder({ id: newId() });
    await estate.until(key, isDegraded);
    await fail(0);
    const events = await estate.until(key, isSettled);
    expect(taxSteps(events)).toEqual(['tax_enrich degraded', 'tax_revisit completed']);
    const steps = events.filter(({ status }) => status === 'completed').map(({ step }) => step);
    expect(steps.slice(-3)).toEqual(['tax_revisit', 'erp_post_invoice', 'settle']);
    expect(events.findLast(({ step }) => step === 'tax_revisit')?.attributes['quoted_tax']).toMatch(/^\d+\.\d\d$/);
  });

  test('that stays away is done without, and says so twice', async () => {
    await fail(1);
    const key = await estate.placeOrder({ id: newId() });
    expect(taxSteps(await estate.until(key, isSettled))).toEqual(['tax_enrich degraded', 'tax_revisit degraded']);
  });
});

async function stockReserved(key: string): Promise<boolean> {
  const { createStockClient } = await import('#sync-engine/stock/client.ts');
  const reservation = await createStockClient(estate.nc, estate.estate).reservation(key);
  return reservation !== undefined && reservation.open.length > 0;
}

async function anyTaxTarget(): Promise<{ target: string }> {
  const { mappedTaxes } = await import('#simulator/catalogue/taxes.ts');
  return { target: mappedTaxes[0]?.erpCode ?? '' };
}
