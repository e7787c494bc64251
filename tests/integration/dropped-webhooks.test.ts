import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buckets } from '#contracts/v1/subjects.ts';
import { warningSheet } from '#contracts/v1/warning.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { commandOf, controlSimulator } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
const asked = { connector_id: 'shopify-us', topic: 'orders/create', reason: 'the shop dropped it' };
let estate: TestEngine;
beforeAll(async () => {
  estate = await startEngine();
}, 60_000);
afterAll(() => estate.close());

const sheet = async () =>
  (await getJson(await openBucket(estate.nc, buckets.warnings), 'subscription_dropped', warningSheet))?.value;
const drop = (topic: string) => controlSimulator(estate, 'dropped-webhooks', { system: 'shopify-us', topic });
const ofShop = async () => (await sheet())?.warnings.filter(({ system }) => system === 'shopify-us');

test('a webhook that a shop dropped is warned of until it is subscribed for again, which only some may', async () => {
  await vi.waitFor(async () => expect((await sheet())?.evaluated_at).toBeTruthy(), { timeout: 20_000 });
  expect(await sheet()).toMatchObject({ warnings: [], unknown: [], failure: '' });

  for (const topic of ['orders/create', 'customers/update']) await drop(topic);
  // Another replica takes over: it looks at once.
  await estate.restart();
  await vi.waitFor(async () => expect(await ofShop()).toHaveLength(2), { timeout: 20_000 });
  expect(await ofShop()).toMatchObject([
    { id: 'shopify-us orders/create', severity: 'bad', subscribe: { topic: 'orders/create' } },
    { id: 'shopify-us customers/update' },
  ]);

  const viewer = { id: 'vera@syncline.example', roles: ['viewer' as const] };
  expect(await requestCommand(estate.nc, 'connector.subscribe', { ...asked, actor: viewer })).toMatchObject({
    ok: false,
    error: { code: 'forbidden' },
  });
  expect(
    await requestCommand(estate.nc, 'connector.subscribe', { ...asked, actor: olga, topic: 'carts/update' }),
  ).toMatchObject({
    ok: false,
    error: { code: 'invalid' },
  });
  const netsuite = { ...asked, actor: olga, connector_id: 'netsuite' };
  expect(await requestCommand(estate.nc, 'connector.subscribe', netsuite)).toMatchObject({
    ok: false,
    error: { code: 'refused' },
  });

  const done = await commandOf(estate.nc, 'connector.subscribe', { ...asked, actor: olga });
  expect(done.message).toContain('tells of orders/create again, at https://');
  expect(await ofShop()).toMatchObject([{ id: 'shopify-us customers/update' }]);
  expect((await commandOf(estate.nc, 'connector.subscribe', { ...asked, actor: olga })).message).toContain('already');
}, 60_000);

test('a shop that cannot be asked is said to be unknown', async () => {
  estate.simulator.conditions.setFault('shopify-us', 'error', 1);
  await commandOf(estate.nc, 'connector.subscribe', {
    ...asked,
    actor: olga,
    connector_id: 'shopify-eu',
  });
  expect((await sheet())?.unknown).toMatchObject([{ system: 'shopify-us' }]);
  expect(await ofShop()).toEqual([]);
  estate.simulator.conditions.setFault('shopify-us', 'error', 0);
}, 30_000);
