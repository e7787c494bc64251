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
