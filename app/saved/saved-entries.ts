import type { z } from 'zod';
import { getJson, type KV } from '#platform/nats/kv.ts';

/** What people save under a name, for themselves or for everybody. */
interface Saved {
  id: string;
  name: string;
  /** User who saved it. */
  owner: string;
  shared: boolean;
}

/** Keys of a bucket that a filter matches. */
export async function keysOf(kv: KV, filter: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of await kv.keys(filter)) keys.push(key);
  return keys;
}

/** What is saved under the keys that a filter matches: the user's own and what others share, by name. */
export async function offeredTo<T extends Saved>(
  user: string,
  kv: KV,
  filter: string,
  schema: z.ZodType<T>,
): Promise<T[]> {
  const entries = await Promise.all((await keysOf(kv, filter)).map((key) => getJson(kv, key, schema)));
  return entries
    .flatMap((entry) => (entry === undefined ? [] : [entry.value]))
    .filter(({ owner, shared }) => shared || owner === user)
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}
