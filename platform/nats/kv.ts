import { jetstream, type JetStreamManager } from '@nats-io/jetstream';
import { Bucket, type KV, type KvEntry, type KvOptions, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import type { z } from 'zod';
import { createdAtOnce } from './created-at-once.ts';
import { isWrongSequence } from './publish.ts';

export type { KV, KvEntry } from '@nats-io/kv';

/** Opens a bucket, creating it where it is missing. Reads go to the leader: what KV holds here must be current. */
export async function openBucket(nc: NatsConnection, name: string, options: Partial<KvOptions> = {}): Promise<KV> {
  return createdAtOnce(() => new Kvm(jetstream(nc)).create(name, { history: 1, allow_direct: false, ...options }));
}

/** The stream behind a bucket and how it is asked, which the client's interface leaves out. */
interface BucketStream {
  manager: JetStreamManager;
  stream: string;
  /** Subject of a key, or of a filter of keys. */
  subject: (key: string) => string;
}

export function streamOf(kv: KV): BucketStream {
  if (!(kv instanceof Bucket)) throw new TypeError('a bucket of JetStream is expected');
  return { manager: kv.jsm, stream: kv.bucketName(), subject: (key) => kv.subjectForKey(key) };
}

/** The live value of a key, or undefined where it is absent or deleted. */
export async function getEntry(kv: KV, key: string): Promise<KvEntry | undefined> {
  const entry = await kv.get(key);
  return entry?.operation === 'PUT' ? entry : undefined;
}

/** What is stored under a key and cannot be read: another version wrote it, or a person did. */
export class Unreadable extends Error {
  override name = 'Unreadable';
  readonly key: string;

  constructor({ bucket, key }: KvEntry, cause: unknown) {
    super(`What is stored as ${key} in ${bucket} cannot be read.`, { cause });
    this.key = key;
  }
}

/** An entry's value parsed by its schema. @throws Unreadable */
export function readEntry<T extends z.ZodType>(entry: KvEntry, schema: T): z.output<T> {
  try {
    return schema.parse(entry.json());
  } catch (error) {
    throw new Unreadable(entry, error);
  }
}

/** A value parsed by its schema, with the revision for a compare-and-swap. @throws Unreadable */
export async function getJson<T extends z.ZodType>(
  kv: KV,
  key: string,
  schema: T,
): Promise<{ value: z.output<T>; revision: number } | undefined> {
  const entry = await getEntry(kv, key);
  return entry === undefined ? undefined : { value: readEntry(entry, schema), revision: entry.revision };
}

/**
 * Writes only if the key is still at `revision` (0: absent or deleted).
 * @returns the new revision, or undefined where somebody else was first.
 */
export async function compareAndSwap(
  kv: KV,
  key: string,
  value: Uint8Array | string,
  revision: number,
): Promise<number | undefined> {
  try {
    return revision === 0 ? await kv.create(key, value) : await kv.update(key, value, revision);
  } catch (error) {
    if (isWrongSequence(error)) return undefined;
    throw error;
  }
}
