import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { type NatsConnection, TimeoutError } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buckets } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { type KV, openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import type { Arrival } from '#sync-engine/arrivals/arrival.ts';
import { HeldArrivals, pauseAfter } from '#sync-engine/arrivals/held-arrivals.ts';
import { toIntake } from '#sync-engine/intake/to-intake.ts';
import { startNats, type TestNats } from '../support/nats.ts';

/** Arrivals that wait for what they belong to, over real NATS. */
let nats: TestNats;
let nc: NatsConnection;
let manager: JetStreamManager;
let kv: KV;
beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'held', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  manager = await jetstreamManager(nc);
  kv = await openBucket(nc, buckets.held);
});
afterAll(async () => {
  await nc.close();
  await nats.close();
});

const headers = {
  'syncline-system': 'shop',
  'syncline-topic': 'orders/cancelled',
  // It lay in a backlog for a day.
  'syncline-received-at': new Date(Date.now() - 86_400_000).toISOString(),
  'syncline-origin': 'live' as const,
};

const HOUR_MS = 3_600_000;

const neverPoison = { maxFailures: 2, poison: () => Promise.reject(new Error('none of these is poison')) };

test('what has waited long is offered ever less often, and what it waits for soon is taken up by the next look', async () => {
  expect([0, 8_000, 80_000, HOUR_MS].map(pauseAfter)).toEqual([1_000, 1_000, 10_000, 30_000]);
  const start = Date.now();
  let clock = start;
  const body = Buffer.from('{}');
  const hold = async (deliveryId: string, sinceMs: number) => {
    const message = { domain: 'order' as const, system: 'shop', topic: 'orders/cancelled', body, headers };
    const { seq } = await toIntake(publisherOf(nc), { ...message, deliveryId });
    await new HeldArrivals(kv, manager, 2 * HOUR_MS, silentLog, () => new Date(clock - sinceMs)).hold({
      seq,
      headers,
      body,
    });
    return seq;
  };
  const old = await hold('old', HOUR_MS);
  const young = await hold('young', 0);
  const stop = new AbortController();
  const offered: number[] = [];
  const held = new HeldArrivals(kv, manager, 2 * HOUR_MS, silentLog, () => new Date(clock));
  const offer = ({ seq }: Arrival): Promise<'settled' | 'early'> => {
    offered.push(seq);
    // Three seconds of its clock; then the order of both is there.
    if (seq === young) clock += 1_000;
    if (clock < start + 3_000) return Promise.resolve('early');
    if (seq === young) clock += 30_000;
    else stop.abort();
    return Promise.resolve('settled');
  };
  await held.run(stop.signal, { offer, ...neverPoison });
  expect(offered.filter((seq) => seq === young)).toHaveLength(3);
  expect(offered.filter((seq) => seq === old)).toHaveLength(2);
});

test('what comes out of a backlog waits as long as any other, and anew where it is still too early', async () => {
  const body = Buffer.from('{}');
  const message = { domain: 'order' as const, system: 'shop', topic: 'orders/cancelled', body, headers };
  const { seq } = await toIntake(publisherOf(nc), { ...message, deliveryId: 'late' });
  const held = new HeldArrivals(kv, manager, 500, silentLog);
  const before = Date.now();
  await held.hold({ seq, headers, body });
  const due = async () => Date.parse((await kv.get(String(seq)))?.json<{ due: string }>().due ?? '');
  expect(await due()).toBeGreaterThanOrEqual(before + 500);

  const offered: boolean[] = [];
  const stop = new AbortController();
  const lastOnes: boolean[] = [];
  const offer = (_: Arrival, overdue: boolean, last: boolean) => {
    offered.push(overdue);
    lastOnes.push(last);
    return Promise.resolve(last ? ('settled' as const) : ('early' as const));
  };
  const running = held.run(stop.signal, { offer, ...neverPoison });
  await expect.poll(async () => (await kv.get(String(seq)))?.operation, { timeout: 20_000 }).toBe('DEL');
  stop.abort();
  await running;
  // Overdue for the first time it was held for as long again, and so three times.
  expect([offered.filter(Boolean).length, lastOnes.filter(Boolean).length]).toEqual([4, 1]);
});

test('what cannot be handled is set aside after some failures; an outage is none of them', async () => {
  const body = Buffer.from('{}');
  const message = { domain: 'order' as const, system: 'shop', topic: 'orders/cancelled', body, headers };
  const { seq } = await toIntake(publisherOf(nc), { ...message, deliveryId: 'poison' });
  let clock = Date.now();
  const held = new HeldArrivals(kv, manager, 2 * HOUR_MS, silentLog, () => new Date(clock));
  await held.hold({ seq, headers, body });
  const failures = [
    new TimeoutError(),
    new TypeError('x is not a function'),
    new TimeoutError(),
    new TypeError('again'),
  ];
  const stop = new AbortController();
  const setAside: number[] = [];
  const offer = (): Promise<'early'> => {
    clock += HOUR_MS / 60;
    return Promise.reject(failures.shift() ?? new Error('it was offered after it had been set aside'));
  };
  const poison = (arrival: Arrival): Promise<void> => {
    setAside.push(arrival.seq);
    stop.abort();
    return Promise.resolve();
  };
  await held.run(stop.signal, { offer, maxFailures: 2, poison });
  expect([setAside, failures]).toEqual([[seq], []]);
  expect((await kv.get(String(seq)))?.operation).toBe('DEL');
}, 20_000);
