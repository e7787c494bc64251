import type { ChildProcess } from 'node:child_process';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { streams } from '#contracts/v1/subjects.ts';
import { createLeases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import { Connectors } from '#sync-engine/connectors/connectors.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import type { PublishFetched } from '#sync-engine/intake/fetched-message.ts';
import { openCursorBook } from '#sync-engine/polls/cursor-book.ts';
import { holdPolls } from '#sync-engine/polls/hold-polls.ts';
import { amazonOf, askedOften, placeAtAmazon } from '../support/amazon.ts';
import { startChild } from '../support/child.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { startSimulator, testEstate, testSecret } from '../support/simulator.ts';

let nats: TestNats;
let nc: NatsConnection;
let manager: JetStreamManager;
let simulator: Simulator;
const children: ChildProcess[] = [];

beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  manager = await jetstreamManager(nc);
  simulator = await startSimulator({ limits: true });
  amazonOf(simulator).setSettled(0);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await simulator.close();
  await nc.close();
  await nats.close();
});

const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
const soon = <T>(check: () => Promise<T> | T) => vi.waitFor(check, { timeout: 30_000, interval: 50 });

/** Asks as one replica of an engine does, with a store of its own, until it is told to stop. */
async function ask(settings: Record<string, string>, publish: PublishFetched) {
  const estate = askedOften(settings)(testEstate(simulator));
  const kinds = new Kinds(estate);
  const connectors = Connectors.open(estate, kinds, (name) => testSecret(name.replace(/^env:/, '')));
  const own = await startNats();
  const connection = await connectNats({ url: own.url, name: 'replica', log: silentLog });
  const leases = await createLeases(connection, { owner: 'replica', ttlMs: 2_000 });
  const cursors = await openCursorBook(connection);
  let looks = 0;
  const onLook = () => void looks++;
  holdPolls({ kinds, connectors, leases, publish, cursors, log: silentLog, now: () => new Date(), onLook });
  return {
    looks: () => looks,
    stop: async () => {
      await leases.close();
      await connectors.close();
      await connection.close();
      await own.close();
    },
  };
}

test('after hours without us what changed is read window by window, in the order it changed, and the quotas are never exceeded', async () => {
  const { quotas } = amazonOf(simulator);
  quotas.set('getOrders', 20, 3);
  quotas.set('getOrderItems', 40, 5);
  // In no order, over seven hours; on some minutes two changed.
  const placed = [5.2, 1.1, 6.9, 6.9, 3.4, 0.2, 2.5, 2.5, 4.6, 0.9].map((hours, i) => ({
    hours,
    ...placeAtAmazon(simulator, 42_001 + i, { at: hoursAgo(hours) }),
  }));
  const expected = [...placed].sort((a, b) => b.hours - a.hours).map(({ hours }) => hours);
  const read: string[] = [];
  const replica = await ask(
    {
      'poll.since': hoursAgo(7).toISOString(),
      'poll.window_s': '3600',
      'quota.getOrders': '20/3',
      'quota.getOrderItems': '40/5',
    },
    async (_, { deliveryId }) => void read.push(deliveryId.split('@')[0] ?? ''),
  );
  await soon(() => expect(read).toHaveLength(placed.length));
  await soon(() => expect(replica.looks()).toBeGreaterThan(3));
  const hoursOf = new Map(placed.map(({ orderId, hours }) => [orderId, hours]));
  expect(read.map((id) => hoursOf.get(id))).toEqual(expected);
  const counts = quotas.counts();
  // Seven windows, and looks after them; every order's items once, however often its window was read.
  expect(counts['calls_getOrders']).toBeGreaterThan(9);
  expect(counts['calls_getOrderItems']).toBe(placed.length);
  expect([counts['exceeded_getOrders'], counts['exceeded_getOrderItems']]).toEqual([0, 0]);
  await replica.stop();
}, 60_000);

test('a quota smaller than was said is learnt from the answers, a 429 is waited out, and nothing is lost', async () => {
  const { quotas } = amazonOf(simulator);
  quotas.set('getOrders', 20, 20);
  quotas.set('getOrderItems', 10, 4);
  const orderIds = Array.from({ length: 16 }, (_, i) => placeAtAmazon(simulator, 42_101 + i).orderId);
  const read: string[] = [];
  const replica = await ask(
    {
      'poll.since': new Date(Date.now() - 60_000).toISOString(),
      'quota.getOrders': '20/20',
      'quota.getOrderItems': '100/30',
    },
    async (_, { deliveryId }) => void read.push(deliveryId.split('@')[0] ?? ''),
  );
  await soon(() => expect([...read].sort()).toEqual([...orderIds].sort()));
  // Every refusal halves what is tried at once: 30, 15, 7, 3, which is within.
  expect(quotas.counts()['exceeded_getOrderItems']).toBeLessThanOrEqual(3);
  await replica.stop();
}, 60_000);

test('a process killed between INTAKE and cursor loses nothing and doubles nothing', async () => {
  const { quotas } = amazonOf(simulator);
  for (const operation of ['getOrders', 'getOrderItems', 'createRestrictedDataToken'] as const)
    quotas.set(operation, 500, 500);
  const since = new Date(Date.now() - 1_000).toISOString();
  const orderIds = Array.from({ length: 30 }, (_, i) => placeAtAmazon(simulator, 42_201 + i).orderId);
  const start = (crash: string): ChildProcess => {
    const child = startChild('polls', [nats.url, simulator.url, since, crash]);
    children.push(child);
    return child;
  };
  const killedAt = (point: string): Promise<string | null> =>
    new Promise((resolve) => start(point).once('exit', (_, signal) => resolve(signal)));

  // The first batch is durable and the cursor is where it was; then the second one, by another process.
  expect(await killedAt('engine.poll.taken')).toBe('SIGKILL');
  expect(await killedAt('engine.poll.taken@2')).toBe('SIGKILL');
  start('');
  const stored = async () => {
    const info = await manager.streams.info(streams.intake);
    const ids: string[] = [];
    for (let seq = info.state.first_seq; seq > 0 && seq <= info.state.last_seq; seq++)
      ids.push((await manager.streams.getMessage(streams.intake, { seq }))?.header.get('syncline-webhook-id') ?? '');
    // Of the windows before only what overlaps may be there too.
    return ids.map((id) => id.split('@')[0] ?? '').filter((id) => orderIds.includes(id));
  };
  await soon(async () => expect(new Set(await stored())).toEqual(new Set(orderIds)));
  expect(await stored()).toHaveLength(orderIds.length);
}, 90_000);
