import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StockPlan } from '#contracts/v1/reconciliation.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { createStockClient, type StockClient } from '#sync-engine/stock/client.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { agreeingBooks, places } from '#tests/support/agreeing-books.ts';
import { commandOf } from '#tests/support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '#tests/support/engine.ts';
import { breaksOf, never, reconcile, stepsOf, storyOf } from '#tests/support/reconciliation.ts';
import { testSecret } from '#tests/support/simulator.ts';
import { callVendor } from '#tests/support/vendor-call.ts';

/** Stock as the engine, the ERP, the warehouses and the shop have it, over their real calls. */
const plan: StockPlan = {
  ...never,
  id: 'stock',
  name: 'Stock three ways',
  kind: 'stock',
  compare: ['erp', 'wms', 'channel'],
  tolerance: 0,
  settle_s: 0.4,
  rounds: 8,
};
const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };

let engine: TestEngine;
let stock: StockClient;
let skus: string[];
let nextOrder = 40_000;

beforeAll(async () => {
  engine = await startEngine({
    simulator: { catalogueSize: 700 },
    estate: (estate) => ({
      ...estate,
      systems: estate.systems.map((system) => ({
        ...system,
        retry: { max_attempts: 4, initial_delay_s: 0.05, max_delay_s: 0.2 },
      })),
      reconciliations: [plan],
    }),
  });
  stock = createStockClient(engine.nc, engine.estate);
  skus = await agreeingBooks(engine);
}, 60_000);
afterEach(() => engine.simulator.conditions.clearFaults());
afterAll(() => engine.close());

const backlog = async (): Promise<number> => {
  const positions = await stock.positions(skus);
  return positions.filter(({ behind = [] }) => behind.length > 0).length;
};
/** Resolves once every shop has confirmed everything. */
const published = () => expect.poll(backlog, { timeout: 20_000 }).toBe(0);
const sku = (n: number) => skus[n] ?? '';
const open = async () => (await breaksOf(engine)).filter(({ status }) => status === 'open');

async function order(quantity: number, item = sku(0)) {
  const id = ++nextOrder;
  const [line] = orderDraft(engine.simulator, { id }).lines;
  if (line === undefined) throw new Error('an order without lines');
  return engine.placeOrder({ id, lines: [{ ...line, sku: item, quantity, taxes: [] }] });
}
const shipped = (key: string) => engine.until(key, ({ step }) => step === 'channel_fulfilment');

describe('stock compared three ways', () => {
  test('agrees where everybody has the same, and its steps are a transaction of its own', async () => {
    await published();
    const run = await reconcile(engine, 'stock');
    // Worked out from what there is: five items at two places, each with the ERP, its warehouse and its shops.
    const positions = (await stock.positions(skus)).filter(({ location }) => places.includes(location));
    expect(run).toMatchObject({ status: 'done', compared: positions.length + emptyItems(), opened: 0, undecided: 0 });
    expect(run.agreeing).toBe(run.compared);
    const groups = run.groups
      .filter(({ ours }) => ours !== '0')
      .map((one) => `${one.subject} ${one.system} ${one.location} ${one.compared}`);
    expect(groups).toEqual(
      expect.arrayContaining([
        expect.stringContaining('erp netsuite dc-east'),
        expect.stringContaining('wms wms-west dc-west'),
        'channel shopify-us dc-east 5',
      ]) as string[],
    );
    const events = await engine.events(run.key, 'reconciliation');
    expect(stepsOf(events)).toEqual([
      'begin_run syncline completed',
      'read_stock netsuite completed',
      'read_stock wms-east completed',
      'read_stock wms-west completed',
      'read_stock wms-eu completed',
      'read_stock shopify-us completed',
      'read_stock shopify-eu completed',
      'compare_stock syncline completed',
      'settle_breaks syncline completed',
      'finish_run syncline completed',
    ]);
    // NetSuite answers a thousand rows at a time, a warehouse five hundred: both were read to the end.
    const pages = (system: string) =>
      events.find((event) => event.system === system && event.step === 'read_stock')?.attributes;
    expect(Number(pages('netsuite')?.['pages'])).toBeGreaterThan(1);
    expect(Number(pages('wms-east')?.['pages'])).toBeGreaterThan(1);
  });

  test('finds what each side has otherwise, with both figures, and the same again is the same break', async () => {
    const { stock: books } = engine.simulator;
    const was = (await stock.positions([sku(1)])).find(({ location }) => location === 'dc-east')?.on_hand ?? 0;
    books.correct('erp', 'dc-east', sku(1), was + 7);
    books.correct('wms', 'dc-west', sku(2), 0);
    await editShop(sku(3), 'dc-east', 3);
    const first = await reconcile(engine, 'stock');
    expect(first).toMatchObject({ status: 'done', opened: 3, seen_again: 0, healed: 0 });
    expect(first.compared - first.agreeing).toBe(3);
    const found = await open();
    const byKind = Object.fromEntries(found.map((one) => [one.kind, one]));
    expect(byKind['stock_erp']).toMatchObject({
      domain: 'operational',
      business_key: `${sku(1)}@dc-east`,
      legal_entity: 'us-retail',
      difference: '7',
      sides: [
        { side: 'syncline', figure: String(was) },
        { side: 'erp', system: 'netsuite', figure: String(was + 7) },
      ],
    });
    expect(byKind['stock_wms']).toMatchObject({ system: 'wms-west', difference: '-100000' });
    expect(byKind['stock_channel']).toMatchObject({ system: 'shopify-us', channel: 'web-us', sku: sku(3) });

    const second = await reconcile(engine, 'stock');
    expect(second).toMatchObject({ opened: 0, seen_again: 3, healed: 0 });
    expect((await open()).map(({ break_id, times_seen }) => [break_id, times_seen]).sort()).toEqual(
      found.map(({ break_id }) => [break_id, 2]).sort(),
    );

    books.correct('erp', 'dc-east', sku(1), was);
    books.correct('wms', 'dc-west', sku(2), 100_000);
    await editShop(sku(3), 'dc-east', sellableAtEast(await onHand(sku(3))));
    const third = await reconcile(engine, 'stock');
    expect(third).toMatchObject({ opened: 0, seen_again: 0, healed: 3 });
    expect(third.agreeing).toBe(third.compared);
    const story = await storyOf(engine, byKind['stock_erp']?.break_id ?? '');
    expect(story.map(({ type, status }) => `${type} ${status}`)).toEqual(['opened open', 'seen open', 'healed healed']);
  });

  test('finds nothing false while orders ship and goods come in', async () => {
    const { warehouses } = engine.simulator.systems;
    const keys: string[] = [];
    let trading = true;
    const traffic = (async () => {
      for (let i = 0; trading; i++) {
        const key = await order(1 + (i % 3), sku(i % 5));
        keys.push(key);
        await engine.until(key, ({ step }) => step === 'wms_release');
        warehouses.get('wms-east')?.changeStock({ sku: sku((i + 1) % 5), reason: 'receipt', quantity: 12 });
        warehouses.get('wms-west')?.changeStock({ sku: sku((i + 2) % 5), reason: 'adjustment', quantity: -1 });
      }
    })();
    // However slow the machine, several comparisons beside many orders.
    for (let runs = 0; runs < 3 || keys.length <= 10; runs++)
      expect(await reconcile(engine, 'stock')).toMatchObject({ status: 'done', opened: 0 });
    trading = false;
    await traffic;
    for (const key of keys) await shipped(key);
    await published();
    const quiet = await reconcile(engine, 'stock');
    expect(quiet).toMatchObject({ opened: 0, undecided: 0 });
    expect(quiet.agreeing).toBe(quiet.compared);
  }, 120_000);

  test('leaves a movement that the warehouse is about to tell undecided or equal, never broken', async () => {
    engine.simulator.intake.setUrl('http://127.0.0.1:9');
    engine.simulator.systems.warehouses.get('wms-east')?.changeStock({ sku: sku(4), reason: 'receipt', quantity: 24 });
    const running = reconcile(engine, 'stock');
    // Told once the first reading is made, before a second one can find it standing still.
    await expect
      .poll(async () => engine.simulator.stock.list('wms', 'dc-east').find((one) => one.sku === sku(4))?.quantity)
      .toBe((await onHand(sku(4))) + 24);
    engine.simulator.intake.setUrl(engine.intakeUrl);
    expect(await running).toMatchObject({ opened: 0 });
  });

  test('concludes nothing about a side that cannot be read, and says which', async () => {
    const { stock: books } = engine.simulator;
    books.correct('erp', 'dc-east', sku(0), (await onHand(sku(0))) - 5);
    await reconcile(engine, 'stock');
    const [known] = await open();
    expect(known).toMatchObject({ kind: 'stock_erp', difference: '-5' });
    engine.simulator.conditions.setFault('netsuite', 'error', 1);
    const run = await reconcile(engine, 'stock');
    engine.simulator.conditions.clearFaults();
    expect(run).toMatchObject({ status: 'incomplete', healed: 0, seen_again: 0 });
    expect(run.message).toContain('NetSuite could not be read');
    expect(run.groups.some(({ subject }) => subject === 'erp')).toBe(false);
    expect(run.groups.some(({ subject }) => subject === 'wms')).toBe(true);
    expect((await open()).map(({ break_id }) => break_id)).toEqual([known?.break_id]);
    const events = await engine.events(run.key, 'reconciliation');
    expect(events.find(({ step, status }) => step === 'read_stock' && status === 'failed')).toMatchObject({
      system: 'netsuite',
      error_class: 'unavailable',
    });
    expect(events.at(-1)).toMatchObject({ step: 'finish_run', status: 'degraded' });
    books.correct('erp', 'dc-east', sku(0), await onHand(sku(0)));
    expect(await reconcile(engine, 'stock')).toMatchObject({ status: 'done', healed: 1 });
  });
});

describe('a break', () => {
  test('is assigned, commented on and closed with evidence; the same difference stays closed, another opens it again', async () => {
    const { stock: books } = engine.simulator;
    const was = await onHand(sku(1));
    books.correct('erp', 'dc-east', sku(1), was + 2);
    await reconcile(engine, 'stock');
    const one = (await open())[0];
    if (one === undefined) throw new Error('no break was found');
    const { break_id, revision } = one;
    const on = { break_id, actor: olga };
    await commandOf(engine.nc, 'break.assign', { ...on, revision, assignee: 'olga@syncline.example' });
    await commandOf(engine.nc, 'break.comment', { ...on, revision: revision + 1, note: 'Two were counted twice.' });
    const late = await requestCommand(engine.nc, 'break.close', { ...on, revision: revision + 1, reason: 'Seen' });
    expect(late).toMatchObject({ ok: false, error: { code: 'conflict' } });
    const closing = { ...on, revision: revision + 2, reason: 'Counted twice', document_number: 'ADJ-77' };
    const closed = await commandOf(engine.nc, 'break.close', closing);
    expect(closed.break).toMatchObject({ status: 'closed', document_number: 'ADJ-77', actor: olga.id });

    expect(await reconcile(engine, 'stock')).toMatchObject({ opened: 0, seen_again: 1 });
    expect(await open()).toEqual([]);
    books.correct('erp', 'dc-east', sku(1), was + 3);
    await reconcile(engine, 'stock');
    expect(await open()).toMatchObject([{ break_id: one.break_id, type: 'reopened', difference: '3', reason: '' }]);
    books.correct('erp', 'dc-east', sku(1), was);
    await reconcile(engine, 'stock');
    const acts = (await (await openAudit(engine.nc, silentLog)).latest(50)).filter(
      ({ object_id }) => object_id === one.break_id,
    );
    expect(acts.map(({ action, outcome }) => `${action} ${outcome}`).sort()).toEqual([
      'break.assign done',
      'break.close conflict',
      'break.close done',
      'break.comment done',
    ]);
  }, 60_000);

  test('and a comparison are nothing for who may not', async () => {
    const actor = { id: 'vera@syncline.example', roles: ['viewer' as const] };
    expect(await requestCommand(engine.nc, 'reconciliation.run', { actor, plan: 'stock' })).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    const [known] = await breaksOf(engine);
    const closing = { actor, break_id: known?.break_id ?? '', revision: known?.revision ?? 0, reason: 'no' };
    expect(await requestCommand(engine.nc, 'break.close', closing)).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    expect(await requestCommand(engine.nc, 'reconciliation.run', { actor: olga, plan: 'moon' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

/** Items that the ERP and the warehouses list with nothing on hand, and of which the engine knows nothing. */
const emptyItems = (): number => {
  const known = new Set(skus);
  return places.reduce(
    (sum, place) =>
      sum + engine.simulator.stock.list('wms', place).filter((one) => !known.has(one.sku) || place === 'dc-eu').length,
    0,
  );
};

const onHand = async (item: string, place = 'dc-east'): Promise<number> =>
  (await stock.positions([item])).find(({ location }) => location === place)?.on_hand ?? 0;
const sellableAtEast = (quantity: number) =>
  quantity - (engine.estate.locations.find(({ id }) => id === 'dc-east')?.safety_stock ?? 0);

/** Somebody changes a quantity in the shop itself. */
async function editShop(item: string, location: string, quantity: number): Promise<void> {
  const settings = engine.estate.systems.find(({ id }) => id === 'shopify-us')?.settings ?? {};
  const id = engine.simulator.catalogue.bySku(item)?.inventoryItemId;
  const answer = await callVendor(
    `${engine.simulator.url}/shopify-us/admin/api/2025-01/graphql.json`,
    'POST',
    { 'x-shopify-access-token': testSecret('SHOPIFY_US_TOKEN') },
    {
      query: 'mutation { inventorySetQuantities { userErrors { message } } }',
      variables: {
        input: {
          name: 'available',
          reason: 'correction',
          quantities: [
            {
              inventoryItemId: `gid://shopify/InventoryItem/${id}`,
              locationId: `gid://shopify/Location/${settings[`location.${location}`]}`,
              quantity,
            },
          ],
        },
      },
    },
  );
  expect(answer.at('data.inventorySetQuantities.userErrors')).toEqual([]);
}
