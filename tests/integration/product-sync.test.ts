import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { commandOf } from '#tests/support/commands.ts';
import { startEngine, type TestEngine } from '#tests/support/engine.ts';
import { type HeldCalls, startHeldCalls } from '#tests/support/held-calls.ts';

/** Products from the item master to the shop and back: set, read back, compared. */
let engine: TestEngine;
let line: HeldCalls;
let key: string;
let position = 20;

beforeAll(async () => {
  line = await startHeldCalls('shopify-us');
  engine = await startEngine({ estate: line.inFrontOf });
  const kv = await openBucket(engine.nc, buckets.apiClients);
  const client = { id: 'pim', name: 'Product data', scopes: ['products.write' as const], quota_per_minute: 1000 };
  ({ key } = await createApiClient(kv, { ...client, system: 'netsuite' }, new Date()));
}, 60_000);
afterEach(() => {
  engine.simulator.conditions.clearFaults();
  engine.simulator.conditions.setPriceDrift('shopify-us', false);
});
afterAll(async () => {
  await engine.close();
  await line.close();
});

const newItem = () => {
  const item = engine.simulator.catalogue.active[++position];
  if (item === undefined) throw new Error('the catalogue is used up');
  return item;
};

async function put(sku: string, product: Record<string, unknown>, origin = 'live') {
  const updated_at = new Date().toISOString();
  const body = JSON.stringify({ active: true, brand: 'northwind', unit_of_measure: 'EA', updated_at, ...product });
  const send = () =>
    fetch(`${engine.intakeUrl}/v1/products/${sku}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-syncline-origin': origin },
      body,
    });
  await expect.poll(async () => (await send()).status, { timeout: 10_000 }).toBeLessThan(300);
  const at = (product['updated_at'] as string | undefined) ?? updated_at;
  return transactionKey('netsuite', `product-web-us-${sku}-${Date.parse(at)}`);
}
const until = (tx: string, step: string, status: StepEvent['status'] = 'completed') =>
  engine.until(tx, (event) => event.step === step && event.status === status, 'product_sync');
/** A person corrects what stopped it and replays. @returns what happened from then on. */
async function correct(stopped: StepEvent | undefined, product: object, tx: string): Promise<StepEvent[]> {
  const asked = { actor: { id: 'sam', roles: ['support' as const] }, case_id: stopped?.case_id ?? '' };
  const correction = { reason: 'as the maker writes it', payload: JSON.stringify(product) };
  const fixed = await commandOf(engine.nc, 'case.fix', { ...asked, ...correction, revision: 1 });
  await commandOf(engine.nc, 'case.replay', { ...asked, revision: fixed.case?.revision ?? 0 });
  const events = await until(tx, 'close');
  return events.slice(events.findIndex(({ status }) => status === 'replayed') + 1);
}
const shown = (sku: string) =>
  (
    engine.simulator.state('shopify-us')['shopify-us']?.['products'] as {
      sku: string;
      title: string;
      status: string;
      barcode: string;
      updates: number;
    }[]
  ).find((product) => product.sku === sku);

describe('a product', () => {
  test('is set in the shop that shows our products, read back and compared, and in no other', async () => {
    const { sku } = newItem();
    const events = await until(await put(sku, { title: 'A new name', gtin: '5060910000003' }), 'close');
    expect(events.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'intake_received completed',
      'validate completed',
      'publish_product started',
      'publish_product completed',
      'close completed',
    ]);
    expect(events.at(-1)).toMatchObject({ business_key: `${sku}@web-us`, sku, channel: 'web-us' });
    expect(shown(sku)).toMatchObject({ title: 'A new name', status: 'ACTIVE', barcode: '5060910000003', updates: 1 });
    expect(engine.simulator.state('shopify-eu')['shopify-eu']?.['products']).toEqual([]);
  });

  test('that is no longer sold is taken out of the shop', async () => {
    const { sku, title } = newItem();
    await until(await put(sku, { title, active: false }), 'close');
    expect(shown(sku)).toMatchObject({ status: 'DRAFT' });
  });

  test('whose older version comes late changes nothing and says so', async () => {
    const { sku } = newItem();
    await until(await put(sku, { title: 'Newer' }), 'close');
    const late = await put(sku, { title: 'Older', updated_at: '2026-01-01T00:00:00.000Z' });
    const events = await until(late, 'validate', 'superseded');
    expect(events.at(-1)?.attributes['reason']).toContain('changed again');
    expect(shown(sku)).toMatchObject({ title: 'Newer', updates: 1 });
  });

  test('that the shop shows otherwise is a case with the field, cured by a replay once the shop behaves', async () => {
    const { sku } = newItem();
    engine.simulator.conditions.setPriceDrift('shopify-us', true);
    const tx = await put(sku, { title: 'Quiet title' });
    const stopped = (await until(tx, 'publish_product', 'quarantined')).at(-1);
    expect(stopped).toMatchObject({ error_code: 'product_mismatch', error_path: '/title' });
    engine.simulator.conditions.setPriceDrift('shopify-us', false);
    const actor = { id: 'sam', roles: ['support' as const] };
    await commandOf(engine.nc, 'case.replay', { actor, case_id: stopped?.case_id ?? '', revision: 1 });
    await until(tx, 'close');
    expect(shown(sku)).toMatchObject({ title: 'Quiet title' });
  });

  test('whose answer is lost and that a newer one replaces meanwhile has the newer one set again', async () => {
    const { sku } = newItem();
    engine.simulator.conditions.setFault('shopify-us', 'lost_answer', 1);
    const older = await put(sku, { title: 'Before', updated_at: '2026-03-01T10:00:00.000Z' });
    await until(older, 'publish_product', 'retrying');
    const newer = await put(sku, { title: 'After', updated_at: '2026-03-01T10:00:01.000Z' });
    await until(newer, 'publish_product', 'retrying');
    engine.simulator.conditions.clearFaults();
    const events = await until(older, 'close');
    await until(newer, 'close');
    expect(events.findLast(({ step }) => step === 'publish_product')?.attributes).toMatchObject({ title: 'After' });
    expect(shown(sku)).toMatchObject({ title: 'After' });
  });

  test('that a person corrects where the shop shows it otherwise is read again and set as corrected', async () => {
    const { sku } = newItem();
    engine.simulator.conditions.setPriceDrift('shopify-us', true);
    const said = { active: true, brand: 'northwind', unit_of_measure: 'EA', updated_at: '2026-03-01T10:00:00.000Z' };
    const tx = await put(sku, { ...said, title: 'Mistyped' });
    const stopped = (await until(tx, 'publish_product', 'quarantined')).at(-1);
    engine.simulator.conditions.setPriceDrift('shopify-us', false);
    const events = await correct(stopped, { ...said, title: 'Well typed' }, tx);
    expect(events.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'validate completed',
      'publish_product started',
      'publish_product completed',
      'close completed',
    ]);
    expect(shown(sku)).toMatchObject({ title: 'Well typed' });
  });

  test('that a person corrects after its stuck call went over a newer one has the newest set again', async () => {
    const { sku } = newItem();
    engine.simulator.conditions.setPriceDrift('shopify-us', true);
    const stuck = line.hold('"title":"Before"', { broken: true });
    const said = { active: true, brand: 'northwind', unit_of_measure: 'EA', updated_at: '2026-03-01T10:00:00.000Z' };
    const older = await put(sku, { ...said, title: 'Before' });
    const stopped = (await until(older, 'publish_product', 'quarantined')).at(-1);
    engine.simulator.conditions.setPriceDrift('shopify-us', false);
    await until(await put(sku, { title: 'After', updated_at: '2026-03-01T10:00:01.000Z' }), 'close');
    await stuck.release();
    expect(shown(sku)).toMatchObject({ title: 'Before' });
    await correct(stopped, { ...said, title: 'Well typed' }, older);
    expect(shown(sku)).toMatchObject({ title: 'After' });
  });

  test('that the shop does not carry is a case that says what to do', async () => {
    const tx = await put('NOT-LISTED-1', { title: 'Nowhere' });
    const stopped = (await until(tx, 'publish_product', 'quarantined')).at(-1);
    expect(stopped?.error_message).toContain('List it there, then replay.');
  });

  test('told as history is taken as shown already', async () => {
    const { sku } = newItem();
    await put(sku, { title: 'From the past' }, 'backfill');
    await until(await put(newItem().sku, { title: 'Behind it' }), 'close');
    expect(shown(sku)).toBeUndefined();
  });
});
