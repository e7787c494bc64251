import { jetstream, type JetStreamClient, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, TimeoutError } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import type { CallWorker } from '#sync-engine/work/call-worker.ts';
import { ConnectorPump } from '#sync-engine/work/connector-pump.ts';
import { createGate } from '#sync-engine/work/gate.ts';
import { consumerName, enqueueWork, ensureQueue } from '#sync-engine/work/queues.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { testEstate } from '../support/simulator.ts';

let nats: TestNats;
let nc: NatsConnection;
beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'pump', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
});
afterAll(async () => {
  await nc.close();
  await nats.close();
});

test('a pump that cannot have one of its queues lets go of the others', async () => {
  const system = testEstate().systems.find(({ id }) => id === 'netsuite');
  if (system === undefined) throw new Error('the estate has no netsuite');
  const js = jetstream(nc);
  const manager = await jetstreamManager(nc);
  const publisher = publisherOf(nc);
  await ensureQueue(manager, system.id, 30_000);
  // As while its stream has no leader: the last queue is asked for when the others are being pulled already.
  const urgent = consumerName(system.id, 'urgent');
  const pulled = async () => (await manager.consumers.info(streams.work, urgent)).num_waiting > 0;
  const failing = {
    consumers: {
      get: async (stream: string, name: string) => {
        if (!name.endsWith('bulk')) return js.consumers.get(stream, name);
        await expect.poll(pulled).toBe(true);
        throw new TimeoutError();
      },
    },
  } as unknown as JetStreamClient;
  const performed: string[] = [];
  const worker = {
    perform: ({ key }: { key: string }) => {
      performed.push(key);
      return Promise.resolve('done');
    },
  } as unknown as CallWorker;
  const pump = new ConnectorPump({
    system,
    worker,
    gate: createGate(system),
    js: failing,
    publisher,
    manager,
    waiting: await openBucket(nc, 'TEST_WAITING'),
    states: await openBucket(nc, 'TEST_STATES'),
    log: silentLog,
    onDrained: () => Promise.resolve(),
    now: () => new Date(),
  });
  await expect(pump.run(new AbortController().signal)).rejects.toBeInstanceOf(TimeoutError);

  const work = { flow: 'order_to_cash', key: 'shop==1' } as const;
  await enqueueWork(publisher, system.id, 'urgent', work, '1');
  // Its next owner gets the work: nobody else is pulling any more.
  const message = await (await js.consumers.get(streams.work, urgent)).next({ expires: 5_000 });
  expect(message?.json()).toEqual(work);
  expect(performed).toEqual([]);
});

test('a connector with nothing to do says so again, or it would look like an engine that is gone', async () => {
  const system = testEstate().systems.find(({ id }) => id === 'taxjar');
  if (system === undefined) throw new Error('the estate has no taxjar');
  const manager = await jetstreamManager(nc);
  await ensureQueue(manager, system.id, 30_000);
  const states = await openBucket(nc, 'TEST_IDLE_STATES');
  const said = await states.watch({ key: system.id });
  // Every look at the clock is half a minute later.
  let at = Date.parse('2026-03-01T09:00:00.000Z');
  const stopping = new AbortController();
  const gate = createGate(system);
  // A message of its queue may take many calls, and others call it too: all of them go through the gate.
  for (let call = 0; call < 12; call++) await gate.run(() => Promise.resolve());
  const running = new ConnectorPump({
    system,
    worker: { perform: () => Promise.resolve('done') } as unknown as CallWorker,
    gate,
    js: jetstream(nc),
    publisher: publisherOf(nc),
    manager,
    waiting: await openBucket(nc, 'TEST_IDLE_WAITING'),
    states,
    log: silentLog,
    onDrained: () => Promise.resolve(),
    now: () => new Date((at += 30_000)),
  }).run(stopping.signal);
  const heard: { rate_per_s: number; updated_at: string; pending: number }[] = [];
  for await (const entry of said) {
    heard.push(entry.json());
    if (heard.length === 2) break;
  }
  stopping.abort();
  await running;
  const [first, second] = heard;
  expect(second).toEqual({ ...first, updated_at: second?.updated_at });
  expect(second?.rate_per_s).toBe(0.2);
  expect(Date.parse(second?.updated_at ?? '')).toBeGreaterThan(Date.parse(first?.updated_at ?? ''));
});
