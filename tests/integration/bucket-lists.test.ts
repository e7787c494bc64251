import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type KV, openBucket } from '#platform/nats/kv.ts';
import { entriesOf, keysOf, purgeKeys, valuesOf } from '#platform/nats/list.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let nats: TestNats;
let nc: NatsConnection;
let manager: JetStreamManager;
beforeAll(async () => {
  nats = await startNats();
  nc = await connect({ servers: nats.url, noAsyncTraces: true });
  manager = await jetstreamManager(nc);
});
afterAll(async () => {
  await nc.close();
  await nats.close();
});

const standing = Array.from({ length: 100 }, (_, i) => `standing.${String(i).padStart(3, '0')}`);
const WRITERS = 4;
let buckets = 0;

/** A bucket with entries that stand, and writers that put and purge others until they are stopped. */
async function busyBucket(): Promise<{ kv: KV; stop: () => Promise<void> }> {
  const kv = await openBucket(nc, `BUSY_${++buckets}`);
  for (const key of standing) await kv.put(key, '{}');
  let over = false;
  const writing = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let n = 0; !over; n++) {
      const key = `passing.${writer}.${n % 50}`;
      await kv.put(key, '{}');
      await kv.purge(key);
    }
  });
  return {
    kv,
    stop: async () => {
      over = true;
      await Promise.all(writing);
    },
  };
}

describe('the keys of a bucket', () => {
  test('are all told, however much is written meanwhile', async () => {
    const { kv, stop } = await busyBucket();
    for (let times = 0; times < 20; times++) {
      const keys = await keysOf(kv);
      expect(keys.filter((key) => key.startsWith('standing.'))).toEqual(standing);
    }
    await stop();
  });

  test('are those that hold a value, of the filter that was asked for', async () => {
    const kv = await openBucket(nc, 'LISTED');
    for (const key of ['a.1', 'a.2', 'a.3', 'b.1']) await kv.put(key, JSON.stringify({ key }));
    await kv.delete('a.2');
    await kv.purge('a.3');
    expect(await keysOf(kv)).toEqual(['a.1', 'b.1']);
    expect(await keysOf(kv, 'a.*')).toEqual(['a.1']);
    expect(await keysOf(kv, 'c.>')).toEqual([]);
    expect(await valuesOf(kv, z.object({ key: z.string() }), 'b.*')).toEqual([{ key: 'b.1' }]);
    await kv.put('a.2', 'again');
    for await (const { key } of entriesOf(kv)) {
      expect(key).toBe('a.1');
      break;
    }
  });

  test('that are purged leave nothing in the stream, those that were deleted before too', async () => {
    const kv = await openBucket(nc, 'PURGED');
    for (const key of ['a.1', 'a.2', 'b.1']) await kv.put(key, 'x');
    await kv.delete('a.2');
    await purgeKeys(kv, 'a.*');
    const { state } = await manager.streams.info('KV_PURGED', { subjects_filter: '>' });
    expect(state.subjects).toEqual({ '$KV.PURGED.b.1': 1 });
  });
});

describe('a bucket that is followed', () => {
  test('is ready once everything that was there has been seen, however much is written meanwhile', async () => {
    const { kv, stop } = await busyBucket();
    for (let times = 0; times < 20; times++) {
      const seen = new Set<string>();
      const watch = await watchBucket(kv, ({ key }) => seen.add(key));
      await watch.ready;
      watch.stop();
      expect(standing.filter((key) => !seen.has(key))).toEqual([]);
    }
    await stop();
  });

  test('is ready where what was last has gone before it came', async () => {
    const kv = await openBucket(nc, 'GONE');
    await kv.put('a', '1');
    await kv.put('b', '2');
    const seen: string[] = [];
    const watchIt = kv.watch.bind(kv);
    kv.watch = async (options) => {
      await purgeKeys(kv, 'b');
      return watchIt(options);
    };
    const watch = await watchBucket(kv, ({ key }) => seen.push(key));
    await watch.ready;
    watch.stop();
    expect(seen).toEqual(['a']);
  });

  test('is ready at once where it is empty', async () => {
    const watch = await watchBucket(await openBucket(nc, 'EMPTY'), () => undefined);
    await watch.ready;
    watch.stop();
  });
});
