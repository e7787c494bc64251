import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { compareAndSwap, getEntry, getJson, openBucket } from '#platform/nats/kv.ts';
import { everyKey, purgeKeys } from '#platform/nats/list.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** A NATS message holds 1 MB unless configured otherwise; a chunk stays well below. */
const CHUNK_BYTES = 512 * 1024;

const manifest = z.object({
  /** Journal entries the snapshot contains, and the stream sequence of the last of them. */
  n: z.int().nonnegative(),
  seq: z.int().nonnegative(),
  /** Keys of the chunks, in order. */
  chunks: z.array(z.string()),
  sha256: z.string(),
});

export interface Snapshot {
  n: number;
  seq: number;
  /** JSON of a StockStateDocument. */
  text: string;
}

export interface SnapshotStore {
  load(partition: number): Promise<Snapshot | undefined>;
  /**
   * Replaces the partition's snapshot unless a newer one is there already. `writer` keeps rivals' chunks apart. Once it
   * resolves, a snapshot of at least these entries is in place.
   */
  save(partition: number, writer: string, snapshot: Snapshot): Promise<void>;
  /** Journal position up to which the steps of the partition are published; 0 where unknown. */
  projected(partition: number): Promise<number>;
  saveProjected(partition: number, n: number): Promise<void>;
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Snapshots in the bucket STOCK_SNAPSHOTS: compressed, in chunks, visible only once the manifest names them. */
export async function openSnapshots(nc: NatsConnection): Promise<SnapshotStore> {
  const kv = await openBucket(nc, buckets.stockSnapshots);

  async function read(partition: number): Promise<Snapshot | undefined | 'replaced'> {
    const found = await getJson(kv, `manifest.${partition}`, manifest);
    if (!found) return undefined;
    const chunks = await Promise.all(found.value.chunks.map((key) => getEntry(kv, key)));
    const bytes = Buffer.concat(chunks.flatMap((chunk) => (chunk ? [chunk.value] : [])));
    if (digest(bytes) !== found.value.sha256) return 'replaced';
    return { n: found.value.n, seq: found.value.seq, text: (await expand(bytes)).toString('utf8') };
  }

  /**
   * Removes the chunks of older snapshots, those included whose writer was killed before its manifest. None of them can
   * come to be named any more: a manifest never goes back.
   */
  async function sweep(partition: number, n: number, current: readonly string[]): Promise<void> {
    for (const key of await everyKey(kv, `chunk.${partition}.>`))
      if (Number(key.split('.')[2]) <= n && !current.includes(key)) await purgeKeys(kv, key);
  }

  return {
    load: async (partition) => {
      for (let attempt = 0; attempt < 3; attempt++) {
        const snapshot = await read(partition);
        // Replaced between reading the manifest and its chunks: the new manifest is there now.
        if (snapshot !== 'replaced') return snapshot;
      }
      throw new Error(`The snapshot of stock partition ${partition} is damaged: its chunks do not match its manifest.`);
    },
    save: async (partition, writer, { n, seq, text }) => {
      const bytes = await compress(text);
      const chunks: string[] = [];
      for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
        const key = `chunk.${partition}.${n}.${writer}.${chunks.length}`;
        crashPoint('stock.chunk.before');
        await kv.put(key, bytes.subarray(from, from + CHUNK_BYTES));
        crashPoint('stock.chunk.after');
        chunks.push(key);
      }
      const document = JSON.stringify({ n, seq, chunks, sha256: digest(bytes) });
      // Read back until this one or a newer one stands: only then may the journal before it go.
      for (;;) {
        const standing = await getJson(kv, `manifest.${partition}`, manifest);
        if (standing !== undefined && standing.value.n >= n) {
          await sweep(partition, standing.value.n, standing.value.chunks);
          return;
        }
        crashPoint('stock.snapshot.before');
        await compareAndSwap(kv, `manifest.${partition}`, document, standing?.revision ?? 0);
        crashPoint('stock.snapshot.after');
      }
    },
    projected: async (partition) => {
      const found = await getJson(kv, `projected.${partition}`, z.object({ n: z.int().nonnegative() }));
      return found?.value.n ?? 0;
    },
    saveProjected: async (partition, n) => {
      crashPoint('stock.projected.before');
      await kv.put(`projected.${partition}`, JSON.stringify({ n }));
      crashPoint('stock.projected.after');
    },
  };
}
