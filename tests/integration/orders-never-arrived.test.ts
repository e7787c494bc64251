import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { OrdersPlan, ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { requestCommand } from '#platform/nats/service.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { Identity } from '#sync-engine/identity.ts';
import { createPublishFetched } from '#sync-engine/intake/fetched-message.ts';
import { Decimal } from '#sync-engine/money.ts';
import { sendThrough } from '#sync-engine/reconciliation/orders/send-through.ts';
import { commandOf } from '#tests/support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '#tests/support/engine.ts';
import { stepEvent, subjectOf } from '#tests/support/step-events.ts';
import { breaksOf, never, reconcile, runEnded, storyOf } from '#tests/support/reconciliation.ts';

const plan: OrdersPlan = {
  ...never,
  id: 'orders',
  name: 'Orders of the shops',
  kind: 'orders',
  systems: ['shopify-us'],
  grace_s: 600,
  overlap_s: 3600,
};
const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
const otto = { id: 'otto@syncline.example', roles: ['operations' as const] };

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine({ estate: (estate) => ({ ...estate, reconciliations: [plan] }) });
  // The plan has been there for two hours.
  const declared_at = minutesAgo(120).toISOString();
  await engine.js.publish(subjects.reconciliationPlan(plan.id), JSON.stringify({ declared_at }));
}, 60_000);
afterAll(() => engine.close());

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
const keyOf = (id: number): string => transactionKey('shopify-us', String(id));

/** An order that the shop has; the answer is the webhook it would tell of it by. */
function placed(id: number, minutes: number, draft: Partial<OrderDraft> = {}, cancelled = false): string {
  const placedAt = minutesAgo(minutes);
  const [line] = orderDraft(engine.simulator, { id }).lines;
  if (line === undefined) throw new Error('an order without lines');
  const order = orderDraft(engine.simulator, { id, placedAt, lines: [line], ...draft });
  const state = cancelled ? { cancelledAt: minutesAgo(minutes - 1) } : {};
  const body = JSON.stringify(buildShopifyOrder(order, 'northwind-lane-us.myshopify.com', state));
  engine.simulator.placeOrder('shopify-us', body);
  return body;
}
const rawOf = (body: string) => JSON.parse(body) as { total_price: string; created_at: string };
const totalOf = (body: string): string => rawOf(body).total_price;
const sum = (amounts: readonly string[]): string =>
  amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)).toFixed(2);

async function missing(): Promise<ReconciliationBreak[]> {
  const open = (await breaksOf(engine)).filter(({ status }) => status === 'open');
  return open.sort((a, b) => (a.reference < b.reference ? -1 : 1));
}
async function breakOf(id: number): Promise<ReconciliationBreak> {
  const found = (await breaksOf(engine)).find(({ reference }) => reference === String(id));
  if (found === undefined) throw new Error(`no break of ${id}`);
  return found;
}
const bodyOf = (id: string): string => engine.simulator.systems.shops.get('shopify-us')?.bodies.get(id) ?? '';
const startsOf = async (id: number): Promise<number> =>
  (await engine.events(keyOf(id))).filter(({ step }) => step === 'intake_received').length;

describe('the shop lists orders', () => {
  let told: string[];
  let lost: string[];
  let late: string;

  test('and those it never told of are found with their money, and only they', async () => {
    told = [placed(81_001, 30), placed(81_002, 25)];
    for (const body of told) await engine.postShopify('orders/create', body);
    lost = [placed(81_003, 40), placed(81_004, 20, { shipping: [] })];
    late = placed(81_005, 2);
    placed(81_006, 30, { test: true });
    placed(81_007, 30, {}, true);
    // From before Syncline looked after them.
    placed(81_008, 180);
    // More than fit on a page, and nothing is to be done for any of them.
    for (let i = 0; i < 260; i++) placed(82_000 + i, 60, {}, true);
    await engine.until(keyOf(81_002), ({ step }) => step === 'intake_received');

    const run = await reconcile(engine, plan.id);
    expect(run).toMatchObject({ status: 'done', compared: 4, agreeing: 2, undecided: 0, opened: 2 });
    const found = await missing();
    expect(found.map(({ reference, difference }) => [reference, difference])).toEqual([
      ['81003', totalOf(lost[0] ?? '')],
      ['81004', totalOf(lost[1] ?? '')],
    ]);
    expect(found[0]).toMatchObject({
      domain: 'orders',
      kind: 'order_never_arrived',
      system: 'shopify-us',
      channel: 'web-us',
      legal_entity: 'us-retail',
      business_key: '#81003',
      currency: 'USD',
      sides: [
        { side: 'syncline', figure: '' },
        { side: 'channel', system: 'shopify-us', figure: totalOf(lost[0] ?? '') },
      ],
    });
    expect(found[0]?.occurred_at).toBe(new Date(rawOf(lost[0] ?? '').created_at).toISOString());
    expect(run.groups).toMatchObject([
      {
        ...{ subject: 'order', system: 'shopify-us', channel: 'web-us', currency: 'USD', compared: 4, agreeing: 2 },
        ours: sum(told.map(totalOf)),
        theirs: sum([...told, ...lost].map(totalOf)),
      },
    ]);
    const events = await engine.events(run.key, 'reconciliation');
    expect(events.map(({ step, attributes }) => [step, attributes['pages']])).toEqual([
      ['begin_run', undefined],
      ['read_channel', '2'],
      ['compare_orders', undefined],
      ['settle_breaks', undefined],
      ['finish_run', undefined],
    ]);
  });

  test('and one that arrives within the grace is never missing', async () => {
    await engine.postShopify('orders/create', late);
    await engine.until(keyOf(81_005), ({ step }) => step === 'intake_received');
    expect(await reconcile(engine, plan.id)).toMatchObject({ opened: 0, seen_again: 2, healed: 0 });
    expect(await missing()).toHaveLength(2);
  });

  test('and one that arrives late after all heals', async () => {
    await engine.postShopify('orders/create', lost[1] ?? '');
    await engine.until(keyOf(81_004), ({ step }) => step === 'intake_received');
    const { break_id, revision } = await breakOf(81_004);
    const refused = await requestCommand(engine.nc, 'break.fetch', { actor: olga, break_id, revision });
    expect(refused).toMatchObject({ ok: false, error: { code: 'refused' } });
    expect(await reconcile(engine, plan.id)).toMatchObject({ seen_again: 1, healed: 1 });
    expect((await missing()).map(({ reference }) => reference)).toEqual(['81003']);
  });

  test('and one that is fetched goes through to its settlement once, however many ask for it', async () => {
    const { break_id, revision, occurred_at } = await breakOf(81_003);
    const may = { id: 'fay@syncline.example', roles: ['finance' as const] };
    expect(await requestCommand(engine.nc, 'break.fetch', { actor: may, break_id, revision })).toMatchObject({
      ok: false,
      error: { code: 'forbidden', message: expect.stringContaining('cases.replay') as string },
    });
    const asked = [olga, otto, olga].map((actor) =>
      requestCommand(engine.nc, 'break.fetch', { actor, break_id, revision }),
    );
    const replies = await Promise.all(asked);
    expect(replies.filter(({ ok }) => ok)).toHaveLength(1);
    for (const reply of replies) if (!reply.ok) expect(['conflict', 'refused']).toContain(reply.error.code);

    const events = await engine.until(keyOf(81_003), ({ step, status }) => step === 'settle' && status === 'completed');
    expect(events[0]).toMatchObject({ step: 'intake_received', occurred_at, origin: 'simulated' });
    expect(await startsOf(81_003)).toBe(1);
    const shop = engine.simulator.systems.shops.get('shopify-us')?.orders.get('81003');
    expect(shop?.transactions.filter(({ kind }) => kind === 'capture')).toHaveLength(1);

    const story = await storyOf(engine, break_id);
    expect(story.at(-1)).toMatchObject({ type: 'fetched', status: 'healed' });
    expect(await reconcile(engine, plan.id)).toMatchObject({ opened: 0, seen_again: 0, healed: 0 });
    expect(await missing()).toEqual([]);
  });

  test('and the shop telling of a fetched one after all changes nothing', async () => {
    await engine.postShopify('orders/create', lost[0] ?? '');
    await engine.placeOrder({ id: 81_009 });
    await engine.until(keyOf(81_009), ({ step }) => step === 'intake_received');
    expect(await startsOf(81_003)).toBe(1);
  });

  test('and one that was cancelled there meanwhile is missing no more', async () => {
    placed(81_010, 30);
    await reconcile(engine, plan.id);
    expect((await missing()).map(({ reference }) => reference)).toEqual(['81010']);
    const shop = engine.simulator.systems.shops.get('shopify-us');
    const order = shop?.orders.get('81010');
    if (order === undefined) throw new Error('the shop lost the order');
    order.cancelledAt = new Date().toISOString();
    expect(await reconcile(engine, plan.id)).toMatchObject({ healed: 1 });
  });

  test('and an engine that ends in the middle of a comparison leaves it to the next one', async () => {
    placed(81_012, 30);
    const { reconciliation } = await commandOf(engine.nc, 'reconciliation.run', { actor: olga, plan: plan.id });
    await engine.restart();
    const run = await runEnded(engine, reconciliation?.run_id ?? '');
    expect(run).toMatchObject({ status: 'done', opened: 1 });
    const story = await storyOf(engine, (await breakOf(81_012)).break_id);
    expect(story.map(({ type }) => type)).toEqual(['opened']);
  });

  test('and one that was fetched by an engine that died before it said so is no second order', async () => {
    const { break_id, revision } = await breakOf(81_012);
    await sendThrough('shopify-us', '81012', {
      connectors: { call: () => Promise.resolve({ topic: 'orders/create', body: bodyOf('81012') } as never) },
      publish: createPublishFetched({
        publisher: publisherOf(engine.nc),
        kinds: new Kinds(engine.estate),
        estate: engine.estate,
        now: () => new Date(),
      }),
      identity: await Identity.open(engine.nc),
    });
    const again = await requestCommand(engine.nc, 'break.fetch', { actor: otto, break_id, revision });
    expect(again).toMatchObject({ ok: false, error: { code: 'refused' } });
    expect(await reconcile(engine, plan.id)).toMatchObject({ healed: 1 });
    expect(await startsOf(81_012)).toBe(1);
  });

  test('and one of which another system tells is neither missing nor fetched', async () => {
    placed(81_013, 30);
    expect(await reconcile(engine, plan.id)).toMatchObject({ opened: 1 });
    const { state: _, ...told } = stepEvent(81_013, 1, { key: keyOf(81_013), writer: 'import-5a-1' });
    await engine.js.publish(subjectOf(told), JSON.stringify(told));
    const { break_id, revision } = await breakOf(81_013);
    expect(await requestCommand(engine.nc, 'break.fetch', { actor: olga, break_id, revision })).toMatchObject({
      ok: false,
      error: { code: 'refused', message: expect.stringContaining('is carried by another system') as string },
    });
    const run = await reconcile(engine, plan.id);
    expect(run).toMatchObject({ status: 'done', opened: 0, healed: 1 });
    expect(run.agreeing).toBe(run.compared);
    const compared = (await engine.events(run.key, 'reconciliation')).find(({ step }) => step === 'compare_orders');
    expect(compared?.attributes).toMatchObject({ missing: '0', told_by_others: '1' });
  });

  test('and nothing is concluded while it does not answer', async () => {
    placed(81_011, 30);
    await reconcile(engine, plan.id);
    engine.simulator.conditions.setMaintenance('shopify-us', Date.now() + 60_000);
    const run = await reconcile(engine, plan.id);
    engine.simulator.conditions.setMaintenance('shopify-us', 0);
    expect(run).toMatchObject({ status: 'incomplete', compared: 0, healed: 0 });
    expect((await missing()).map(({ reference }) => reference)).toEqual(['81011']);
    const { break_id, revision } = await breakOf(81_011);
    await commandOf(engine.nc, 'break.fetch', { actor: olga, break_id, revision });
  });
});
