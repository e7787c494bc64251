import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { PriceBook } from '#sync-engine/prices/price-book.ts';
import { commandOf } from '#tests/support/commands.ts';
import { startEngine, type TestEngine } from '#tests/support/engine.ts';
import { type HeldCalls, startHeldCalls } from '#tests/support/held-calls.ts';

/** Prices from the API to the shop and back: set, compared, begun and ended at their time. */
let engine: TestEngine;
let line: HeldCalls;
let key: string;
let skus: string[];
let version = 0;

beforeAll(async () => {
  line = await startHeldCalls('shopify-us');
  engine = await startEngine({ estate: line.inFrontOf });
  const kv = await openBucket(engine.nc, buckets.apiClients);
  const client = { id: 'pricing', name: 'Pricing', scopes: ['prices.write' as const], quota_per_minute: 1000 };
  ({ key } = await createApiClient(kv, { ...client, system: 'netsuite' }, new Date()));
  const items = engine.simulator.catalogue.active.slice(10, 30);
  skus = items.map(({ sku }) => sku);
  const master = await createMasterData(engine.nc, silentLog);
  const product = { schema_version: 1 as const, active: true, brand: 'northwind', unit_of_measure: 'EA' };
  for (const { sku, title } of items)
    await master.putProduct({ ...product, sku, title, updated_at: new Date().toISOString() });
  master.stop();
}, 60_000);
afterEach(() => {
  engine.simulator.conditions.clearFaults();
  engine.simulator.conditions.setPriceDrift('shopify-us', false);
});
afterAll(async () => {
  await engine.close();
  await line.close();
});

const sku = () => skus.pop() ?? '';
const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

async function put(item: string, price: { version?: number } & Record<string, unknown>, channel = 'web-us') {
  const number = ++version;
  const body = JSON.stringify({ currency: 'USD', starts_at: '2026-01-01T00:00:00.000Z', version: number, ...price });
  const send = () =>
    fetch(`${engine.intakeUrl}/v1/prices/${channel}/${item}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    });
  await expect.poll(async () => (await send()).status, { timeout: 10_000 }).toBeLessThan(300);
  return transactionKey('netsuite', `price-${channel}-${item}-${price.version ?? number}`);
}
const until = (tx: string, step: string, status: StepEvent['status'] = 'completed') =>
  engine.until(tx, (event) => event.step === step && event.status === status, 'price_publication');
const shown = (item: string) =>
  (engine.simulator.state('shopify-us')['shopify-us']?.['prices'] as { sku: string; updates: number }[]).find(
    (price) => price.sku === item,
  );

/** A price with and without an end, and the step that looks whether another one came into force while it was set. */
const meanwhile = [
  ['without an end', {}, 'close'],
  ['with an end', { ends_at: soon(14 * 86_400_000) }, 'confirm_in_force'],
] as const;

describe('a price', () => {
  test('is set in the shop, read back and done, with every step published once', async () => {
    const item = sku();
    const events = await until(await put(item, { amount: '24.90', compare_at: '29.90' }), 'close');
    expect(events.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'intake_received completed',
      'validate completed',
      'publish_price started',
      'publish_price completed',
      'close completed',
    ]);
    expect(events.at(-1)).toMatchObject({
      business_key: `${item}@web-us`,
      sku: item,
      channel: 'web-us',
      legal_entity: 'us-retail',
      amount: '',
    });
    expect(events[1]?.attributes).toMatchObject({ price: '24.90 USD', version: '1' });
    expect(shown(item)).toMatchObject({ price: '24.90', compareAtPrice: '29.90', updates: 1 });
  });

  test('whose answer is lost is set again, to the same', async () => {
    const item = sku();
    engine.simulator.conditions.setFault('shopify-us', 'lost_answer', 0.6);
    const key = await put(item, { amount: '12.00' });
    await until(key, 'publish_price', 'retrying');
    engine.simulator.conditions.clearFaults();
    await until(key, 'close');
    expect(shown(item)).toMatchObject({ price: '12.00' });
  });

  test.each(meanwhile)(
    '%s whose answer is lost and that a newer one replaces meanwhile sets that again',
    async (_, end, looks) => {
      const item = sku();
      engine.simulator.conditions.setFault('shopify-us', 'lost_answer', 1);
      const older = await put(item, { amount: '12.00', ...end });
      await until(older, 'publish_price', 'retrying');
      const newer = await put(item, { amount: '13.00' });
      await until(newer, 'publish_price', 'retrying');
      engine.simulator.conditions.clearFaults();
      const events = await until(older, looks);
      await until(newer, 'close');
      expect(events.findLast(({ step }) => step === 'publish_price')?.attributes).toMatchObject({ told: '13.00' });
      expect(shown(item)).toMatchObject({ price: '13.00' });
    },
  );

  test.each(meanwhile)('%s whose call lands after the one of a newer one sets that again', async (_, end, looks) => {
    const item = sku();
    const late = line.hold('"price":"12.00"');
    const older = await put(item, { amount: '12.00', ...end });
    await late.held;
    await until(await put(item, { amount: '13.00' }), 'close');
    await late.release();
    await until(older, looks);
    expect(shown(item)).toMatchObject({ price: '13.00', updates: 3 });
  });

  test('that comes after a newer one changes nothing and says which is in force', async () => {
    const item = sku();
    await until(await put(item, { amount: '20.00', version: 50 }), 'close');
    const events = await until(await put(item, { amount: '19.00', version: 40 }), 'close');
    expect(events.find(({ step }) => step === 'publish_price')).toMatchObject({
      status: 'skipped',
      attributes: { reason: 'Version 50 is in force.' },
    });
    expect(shown(item)).toMatchObject({ price: '20.00', updates: 1 });
  });

  test('with a time of its own begins and ends then, and the usual price takes its place', async () => {
    const item = sku();
    await until(await put(item, { amount: '40.00' }), 'close');
    const promotion = await put(item, {
      amount: '30.00',
      compare_at: '40.00',
      starts_at: soon(2_000),
      ends_at: soon(4_000),
    });
    await until(promotion, 'publish_price');
    expect(shown(item)).toMatchObject({ price: '30.00', compareAtPrice: '40.00' });
    const events = await until(promotion, 'close');
    expect(events.filter(({ status }) => status === 'completed').map(({ step }) => step)).toEqual([
      'intake_received',
      'validate',
      'alarm_received',
      'wait_for_start',
      'publish_price',
      'confirm_in_force',
      'alarm_received',
      'wait_for_end',
      'choose_next_price',
      'publish_next_price',
      'close',
    ]);
    expect(shown(item)).toMatchObject({ price: '40.00', compareAtPrice: null });
  });

  test('that a replica noted and died over is followed by the usual one, although its time was over when it came again', async () => {
    const item = sku();
    const [usual, promotion] = [version + 1, version + 2];
    const price = { amount: '30.00', currency: 'USD', starts_at: soon(-1_000), ends_at: soon(4_000) };
    const noted = { schema_version: 1 as const, channel: 'web-us', sku: item, version: promotion, ...price };
    await (await PriceBook.open(engine.nc)).note(noted, new Date());
    await until(await put(item, { amount: '40.00', version: usual }), 'close');
    await delay(Date.parse(price.ends_at) - Date.now());
    const told = await put(item, { ...price, version: promotion });
    await engine.until(told, ({ step, status }) => step === 'close' || status === 'superseded', 'price_publication');
    expect(shown(item)).toMatchObject({ price: '40.00' });
  });

  test('of a channel that takes none is recorded and skipped, visibly', async () => {
    const events = await until(await put(sku(), { amount: '9.00', currency: 'GBP' }, 'marketplace'), 'close');
    expect(events.find(({ step }) => step === 'publish_price')).toMatchObject({
      status: 'skipped',
      attributes: { reason: 'The channel takes no prices from us: it keeps its own.' },
    });
  });
});

describe('a price stops with a case', () => {
  const caseOf = (events: StepEvent[]) => events.findLast(({ status }) => status === 'quarantined');

  test('where the shop shows another one, and goes on once that is cured and it is replayed', async () => {
    const item = sku();
    engine.simulator.conditions.setPriceDrift('shopify-us', true);
    const key = await put(item, { amount: '24.90' });
    const stopped = caseOf(await until(key, 'publish_price', 'quarantined'));
    expect(stopped).toMatchObject({
      error_class: 'conflict',
      error_code: 'price_mismatch',
      error_path: '/amount',
      error_message: expect.stringContaining('was told 24.90 USD and shows 24.95') as string,
    });
    engine.simulator.conditions.setPriceDrift('shopify-us', false);
    const id = stopped?.case_id ?? '';
    const actor = { id: 'sam@syncline.example', roles: ['support' as const] };
    await commandOf(engine.nc, 'case.replay', { case_id: id, revision: 1, actor });
    await until(key, 'close');
    expect(shown(item)).toMatchObject({ price: '24.90' });
  });

  test('where the shop shows another one; corrected, it is read again, set as corrected, and ends when it says then', async () => {
    const item = sku();
    await until(await put(item, { amount: '30.00' }), 'close');
    engine.simulator.conditions.setPriceDrift('shopify-us', true);
    const said = { currency: 'USD', starts_at: '2026-01-01T00:00:00.000Z', version: ++version };
    const key = await put(item, { ...said, amount: '2.49', ends_at: soon(4_000) });
    const stopped = caseOf(await until(key, 'publish_price', 'quarantined'));
    engine.simulator.conditions.setPriceDrift('shopify-us', false);
    // Its time is over before anybody looks at it.
    await engine.until(key, ({ step }) => step === 'alarm_received', 'price_publication');

    const ends_at = soon(6_000);
    const asked = {
      actor: { id: 'sam@syncline.example', roles: ['support' as const] },
      case_id: stopped?.case_id ?? '',
    };
    const payload = JSON.stringify({ ...said, amount: '24.90', ends_at });
    const fixed = await commandOf(engine.nc, 'case.fix', { ...asked, payload, reason: 'mistyped', revision: 1 });
    await commandOf(engine.nc, 'case.replay', { ...asked, revision: fixed.case?.revision ?? 0 });
    await until(key, 'publish_price');
    expect(shown(item)).toMatchObject({ price: '24.90' });
    const events = await until(key, 'close');
    const again = events.slice(events.findIndex(({ status }) => status === 'replayed') + 1);
    expect(again.filter(({ status }) => status === 'completed').map(({ step }) => step)).toEqual([
      'validate',
      'publish_price',
      'confirm_in_force',
      'alarm_received',
      'wait_for_end',
      'choose_next_price',
      'publish_next_price',
      'close',
    ]);
    expect(again.find(({ step }) => step === 'wait_for_end')?.ended_at).toBe(ends_at);
    expect(shown(item)).toMatchObject({ price: '30.00' });
  });

  test.each([
    ['whose currency is not the channel’s', { amount: '10.00', currency: 'EUR' }, 'wrong_currency', '/currency'],
    ['that is nothing', { amount: '0.00' }, 'price_not_positive', '/amount'],
    [
      'above the one it is compared with',
      { amount: '10.00', compare_at: '9.00' },
      'compare_at_below_price',
      '/compare_at',
    ],
    [
      'that ends before it begins',
      { amount: '10.00', starts_at: '2031-01-02T00:00:00.000Z', ends_at: '2031-01-01T00:00:00.000Z' },
      'ends_before_start',
      '/ends_at',
    ],
  ])('%s, with the field named', async (_name, price, error_code, error_path) => {
    const stopped = caseOf(await until(await put(sku(), price), 'validate', 'quarantined'));
    expect(stopped).toMatchObject({ error_class: 'validation', error_code, error_path });
  });
});
