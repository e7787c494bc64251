import type { NatsConnection } from '@nats-io/nats-core';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { addStream } from '#platform/nats/streams.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let nats: TestNats;
let replicas: NatsConnection[];

beforeAll(async () => {
  nats = await startNats();
  replicas = await Promise.all(
    Array.from({ length: 6 }, (_, n) => connectNats({ url: nats.url, name: `replica-${n}`, log: silentLog })),
  );
});
afterAll(async () => {
  for (const nc of replicas) await nc.close();
  await nats.close();
});

test('replicas that begin at once open the same buckets and streams, whoever makes them', async () => {
  for (let n = 0; n < 40; n++) {
    const buckets = await Promise.all(replicas.map((nc) => openBucket(nc, `shared-${n}`)));
    expect(buckets).toHaveLength(replicas.length);
  }
  await Promise.all(replicas.map(async (nc) => addStream(await jetstreamManager(nc), 'STEPS')));
});

test('a stream whose subjects another one has is refused all the same', async () => {
  const manager = await jetstreamManager(replicas[0] as NatsConnection);
  await manager.streams.add({ name: 'OTHERS', subjects: ['$KV.taken.>'] });
  await expect(openBucket(replicas[0] as NatsConnection, 'taken')).rejects.toThrow('overlap');
});
