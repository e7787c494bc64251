import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Mapping } from '#contracts/v1/mapping.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { mappingKey } from '#sync-engine/master/keys.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let nats: TestNats;
let nc: NatsConnection;
beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'master data', log: silentLog });
});
afterAll(async () => {
  await nc.close();
  await nats.close();
});

const mapping = (code: string, second: number, target = `T${second}`): Mapping => ({
  kind: 'tax_code',
  system: 'netsuite',
  code,
  target,
  changed_by: 'somebody',
  changed_at: `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z`,
  reason: '',
});

it('is seen at once by the process that writes, and soon by the others', async () => {
  const [mine, other] = [await createMasterData(nc, silentLog), await createMasterData(nc, silentLog)];
  await Promise.all([mine.ready, other.ready]);
  expect(await mine.putMapping(mapping('NY Tax', 1))).toBe(true);
  expect(mine.mapping('tax_code', 'netsuite', 'NY Tax')?.target).toBe('T1');
  await expect.poll(() => other.mapping('tax_code', 'netsuite', 'NY Tax')?.target).toBe('T1');
  expect(other.mapping('tax_code', 'netsuite', 'NY tax')).toBeUndefined();
  mine.stop();
  other.stop();
});

it('keeps the newest of many writers that race, whichever comes first', async () => {
  const first = await createMasterData(nc, silentLog);
  const replicas = [first, await createMasterData(nc, silentLog), await createMasterData(nc, silentLog)];
  const writes = Array.from({ length: 30 }, (_, i) => mapping('raced', (i * 7) % 30));
  await Promise.all(writes.map((value, i) => (replicas[i % replicas.length] ?? first).putMapping(value)));
  for (const replica of replicas) {
    await expect.poll(() => replica.mapping('tax_code', 'netsuite', 'raced')?.target).toBe('T29');
    replica.stop();
  }
});

it('keeps the first of two with the same time, so that a redelivery changes nothing', async () => {
  const master = await createMasterData(nc, silentLog);
  expect(await master.putMapping(mapping('same', 1, 'first'))).toBe(true);
  expect(await master.putMapping(mapping('same', 1, 'second'))).toBe(false);
  expect(master.mapping('tax_code', 'netsuite', 'same')?.target).toBe('first');
  master.stop();
});

it('survives a stored value it cannot read, and lets it be replaced', async () => {
  const kv = await openBucket(nc, buckets.mappings);
  await kv.put(mappingKey('tax_code', 'netsuite', 'broken'), '{');
  const master = await createMasterData(nc, silentLog);
  await master.ready;
  expect(master.mapping('tax_code', 'netsuite', 'broken')).toBeUndefined();
  expect(await master.putMapping(mapping('broken', 1))).toBe(true);
  await kv.delete(mappingKey('tax_code', 'netsuite', 'broken'));
  await expect.poll(() => master.mapping('tax_code', 'netsuite', 'broken')).toBeUndefined();
  master.stop();
});
