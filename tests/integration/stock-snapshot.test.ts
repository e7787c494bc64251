import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buckets } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
import { openSnapshots } from '#sync-engine/stock/snapshot.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let nats: TestNats;
let nc: NatsConnection;
beforeAll(async () => {
  nats = await startNats();
  nc = await connect({ servers: nats.url, noAsyncTraces: true });
});
afterAll(async () => {
  await nc.close();
  await nats.close();
});

const chunks = async (partition: number): Promise<string[]> =>
  keysOf(await openBucket(nc, buckets.stockSnapshots), `chunk.${partition}.>`);

describe('a snapshot of a stock partition', () => {
  test('larger than a message comes back as it was', async () => {
    const snapshots = await openSnapshots(nc);
    const text = Array.from({ length: 200_000 }, () => Math.random().toString(36)).join('');
    await snapshots.save(0, 'a', { n: 5, seq: 9, text });
    expect((await chunks(0)).length).toBeGreaterThan(2);
    expect(await snapshots.load(0)).toEqual({ n: 5, seq: 9, text });
  });

  test('is never replaced by an older one, however many are stored at once', async () => {
    const snapshots = await openSnapshots(nc);
    const positions = Array.from({ length: 20 }, (_, i) => i + 1);
    // When saving n has resolved its journal may go: whatever is loaded then must contain at least n.
    await Promise.all(
      positions.map(async (n) => {
        await snapshots.save(1, `writer-${n % 3}`, { n, seq: n * 10, text: `state ${n}` });
        expect((await snapshots.load(1))?.n).toBeGreaterThanOrEqual(n);
      }),
    );
    expect(await snapshots.load(1)).toEqual({ n: 20, seq: 200, text: 'state 20' });
    expect(await chunks(1)).toHaveLength(1);
  });

  test('sweeps away what a killed writer left', async () => {
    const snapshots = await openSnapshots(nc);
    await (await openBucket(nc, buckets.stockSnapshots)).put('chunk.2.3.killed.0', 'half a snapshot');
    await snapshots.save(2, 'a', { n: 4, seq: 4, text: 'state' });
    expect(await chunks(2)).toEqual(['chunk.2.4.a.0']);
  });
});
