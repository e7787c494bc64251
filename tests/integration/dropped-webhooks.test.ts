import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { buckets } from '#contracts/v1/subjects.ts';
import { warningSheet } from '#contracts/v1/warning.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { subscriptionCommands } from '#sync-engine/commands/subscription-commands.ts';
import { Connectors } from '#sync-engine/connectors/connectors.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { commandOf, controlSimulator } from '../support/commands.ts';
import { testEstate, testSecret } from '../support/simulator.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
const asked = (connector_id: string, topic: string) => ({
  ...{ actor: olga, connector_id, topic, reason: 'the shop dropped it' },
});
let estate: TestEngine;
beforeAll(async () => {
  estate = await startEngine();
}, 60_000);
afterAll(() => estate.close());
/** Each test drops what it needs; none finds what another left. */
const dropped: [system: string, topic: string][] = [];
afterEach(async () => {
  for (const system of ['shopify-us', 'shopify-eu']) estate.simulator.conditions.setFault(system, 'error', 0);
  for (const [system, topic] of dropped.splice(0))
    await commandOf(estate.nc, 'connector.subscribe', asked(system, topic));
});

const sheet = async () =>
  (await getJson(await openBucket(estate.nc, buckets.warnings), 'subscription_dropped', warningSheet))?.value;
const of = async (shop: string) => (await sheet())?.warnings.filter(({ system }) => system === shop);

/** The shop forgets a topic, and the engine sees it. @returns the warning */
async function drop(system: string, topic: string) {
  dropped.push([system, topic]);
  await controlSimulator(estate, 'dropped-webhooks', { system, topic });
  await lookAgain();
  const id = `${system} ${topic}`;
  const warning = (await of(system))?.find((one) => one.id === id);
  if (warning === undefined) throw new Error(`there is no warning of ${id}`);
  return warning;
}

/** Another replica takes over: it looks at once. */
async function lookAgain() {
  const before = (await sheet())?.evaluated_at;
  await estate.restart();
  await vi.waitFor(async () => expect((await sheet())?.evaluated_at).not.toBe(before), { timeout: 20_000 });
}

describe('a webhook that a shop dropped', () => {
  test('is warned of, and nothing is where none was', async () => {
    await lookAgain();
    expect(await sheet()).toMatchObject({ warnings: [], unknown: [], failure: '' });
    expect(await drop('shopify-us', 'orders/create')).toMatchObject({
      ...{ severity: 'bad', subscribe: { topic: 'orders/create' } },
    });
    await drop('shopify-us', 'customers/update');
    expect((await of('shopify-us'))?.map(({ id }) => id).sort()).toEqual([
      'shopify-us customers/update',
      'shopify-us orders/create',
    ]);
  }, 60_000);

  test('is warned of no more once it is subscribed for again, which is in the audit trail with topic and reason', async () => {
    await drop('shopify-us', 'refunds/create');
    await drop('shopify-us', 'customers/create');
    const again = asked('shopify-us', 'refunds/create');
    const done = await commandOf(estate.nc, 'connector.subscribe', again);
    expect(done.message).toContain('tells of refunds/create again, at https://');
    expect(await of('shopify-us')).toMatchObject([{ id: 'shopify-us customers/create' }]);
    expect((await commandOf(estate.nc, 'connector.subscribe', again)).message).toContain('already');
    const audit = await openAudit(estate.nc, silentLog);
    await expect
      .poll(() => audit.latest(20))
      .toContainEqual(
        expect.objectContaining({
          ...{ action: 'connector.subscribe', object_id: 'shopify-us', outcome: 'done' },
          ...{ reason: 'the shop dropped it', detail: { topic: 'refunds/create' } },
        }),
      );
  }, 60_000);

  test('stays warned of, since when it was, while the shop cannot be asked', async () => {
    const before = await drop('shopify-eu', 'orders/updated');
    estate.simulator.conditions.setFault('shopify-eu', 'error', 1);
    await lookAgain();
    expect((await sheet())?.unknown).toMatchObject([{ system: 'shopify-eu' }]);
    expect(await of('shopify-eu')).toEqual([before]);
    estate.simulator.conditions.setFault('shopify-eu', 'error', 0);
    await lookAgain();
    expect((await sheet())?.unknown).toEqual([]);
    expect(await of('shopify-eu')).toEqual([before]);
  }, 60_000);

  test('is subscribed for by those alone who may, for what is needed, where that can be', async () => {
    const refused = async (code: string, changes: object) =>
      expect(
        await requestCommand(estate.nc, 'connector.subscribe', { ...asked('shopify-us', 'orders/create'), ...changes }),
      ).toMatchObject({ ok: false, error: { code } });
    await refused('forbidden', { actor: { id: 'vera@syncline.example', roles: ['viewer'] } });
    await refused('invalid', { topic: 'carts/update' });
    await refused('refused', { connector_id: 'netsuite' });
  });

  test('is told to be subscribed for again though the answer of the shop was lost', async () => {
    const { simulator } = estate;
    const { systems } = testEstate(simulator);
    const kinds = new Kinds({ systems });
    const real = Connectors.open({ systems }, kinds, (name) => testSecret(name.replace(/^env:/, '')));
    const call: typeof real.call = async (system, verb, input) => {
      if (verb === 'subscribe') simulator.conditions.setFault(system, 'lost_answer', 1);
      return real.call(system, verb, input).finally(() => simulator.conditions.setFault(system, 'lost_answer', 0));
    };
    const commands = subscriptionCommands({
      ...{ systems, kinds, log: silentLog, isObserved: () => false, book: { remove: () => Promise.resolve() } },
      connectors: { call, offers: (system, verb) => real.offers(system, verb) },
    });
    await controlSimulator(estate, 'dropped-webhooks', { system: 'shopify-eu', topic: 'orders/create' });
    const reply = await commands['connector.subscribe'](asked('shopify-eu', 'orders/create'));
    expect(reply).toMatchObject({ ok: true, message: expect.stringContaining('orders/create again') as string });
    await real.close();
  });

  test('is told to be subscribed for again though its warning cannot be taken off', async () => {
    await drop('shopify-us', 'orders/cancelled');
    const manager = await jetstreamManager(estate.nc);
    await manager.streams.delete(`KV_${buckets.warnings}`);
    try {
      const reply = await commandOf(estate.nc, 'connector.subscribe', asked('shopify-us', 'orders/cancelled'));
      expect(reply.message).toContain('again');
    } finally {
      await openBucket(estate.nc, buckets.warnings);
    }
  }, 60_000);
});
