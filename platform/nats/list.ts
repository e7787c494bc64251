import type { KV, KvEntry } from '@nats-io/kv';
import type { z } from 'zod';
import { getEntry, readEntry, streamOf } from './kv.ts';

const READ_AT_ONCE = 64;

/**
 * The entries that hold a value, of the keys that `filter` matches, by key. The stream itself is asked for its keys: what the
 * client's own listing counts down to its end may say that nothing is left before everything has come.
 */
export async function* entriesOf(kv: KV, filter = '>'): AsyncGenerator<KvEntry, void> {
  const keys = await everyKey(kv, filter);
  for (let from = 0; from < keys.length; from += READ_AT_ONCE) {
    const read = await Promise.all(keys.slice(from, from + READ_AT_ONCE).map((key) => getEntry(kv, key)));
    for (const entry of read) if (entry !== undefined) yield entry;
  }
}

/** The keys that `filter` matches and that hold a value, in order. */
export async function keysOf(kv: KV, filter = '>'): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of entriesOf(kv, filter)) keys.push(key);
  return keys;
}

/** The values of the keys that `filter` matches, parsed by their schema, by key. */
export async function valuesOf<T extends z.ZodType>(kv: KV, schema: T, filter = '>'): Promise<z.output<T>[]> {
  const values: z.output<T>[] = [];
  for await (const entry of entriesOf(kv, filter)) values.push(readEntry(entry, schema));
  return values;
}

/** Takes the keys that `filter` matches out of the bucket for good. Who follows the bucket is not told. */
export async function purgeKeys(kv: KV, filter: string): Promise<void> {
  const { manager, stream, subject } = streamOf(kv);
  await manager.streams.purge(stream, { filter: subject(filter) });
}

/** Deleted ones too: of them the stream keeps that they were deleted. */
export async function everyKey(kv: KV, filter: string): Promise<string[]> {
  const { manager, stream, subject } = streamOf(kv);
  const { state } = await manager.streams.info(stream, { subjects_filter: subject(filter) });
  const prefix = subject('').length;
  return Object.keys(state.subjects ?? {})
    .map((name) => name.slice(prefix))
    .sort();
}
