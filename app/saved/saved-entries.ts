import type { z } from 'zod';
import type { KV } from '#platform/nats/kv.ts';
import { valuesOf } from '#platform/nats/list.ts';

/** What people save under a name, for themselves or for everybody. */
interface Saved {
  id: string;
  name: string;
  /** User who saved it. */
  owner: string;
  shared: boolean;
}

/** What is saved under the keys that a filter matches: the user's own and what others share, by name. */
export async function offeredTo<T extends Saved>(
  user: string,
  kv: KV,
  filter: string,
  schema: z.ZodType<T>,
): Promise<T[]> {
  return (await valuesOf(kv, schema, filter))
    .filter(({ owner, shared }) => shared || owner === user)
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}
