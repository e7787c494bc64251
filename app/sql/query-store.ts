import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { buckets } from '#contracts/v1/subjects.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { savedQuery, type SavedQuery } from './saved-query.ts';

/** A user keeps at most so many. */
export const queriesPerUser = 100;

export interface QueryStore {
  /** The user's own queries and those shared by others, by name. */
  offered(user: string): Promise<SavedQuery[]>;
  /** Saves it anew, or under the `id` of one of the same owner's. @returns its id; undefined where as many are kept as may be. */
  save(query: Omit<SavedQuery, 'id' | 'saved_at'>, id?: string): Promise<string | undefined>;
  /** Deletes the one with this id where `mayRemove` says so. @returns false where there is none, or it may not go. */
  remove(id: string, mayRemove: (query: SavedQuery) => boolean): Promise<boolean>;
}

/** Saved queries, each under `<owner>.<id>`. */
export async function openQueryStore(nc: NatsConnection, now: () => Date = () => new Date()): Promise<QueryStore> {
  const kv = await openBucket(nc, buckets.queries);
  const keysOf = async (filter: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const key of await kv.keys(filter)) keys.push(key);
    return keys;
  };
  return {
    async offered(user) {
      const entries = await Promise.all((await keysOf('>')).map((key) => getJson(kv, key, savedQuery)));
      return entries
        .flatMap((entry) => (entry === undefined ? [] : [entry.value]))
        .filter(({ owner, shared }) => shared || owner === user)
        .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
    },
    async save(query, known) {
      const keys = await keysOf(`${query.owner}.*`);
      const again = known !== undefined && keys.includes(`${query.owner}.${known}`);
      if (!again && keys.length >= queriesPerUser) return undefined;
      const id = again ? known : randomBytes(6).toString('hex');
      const complete = savedQuery.parse({ ...query, id, saved_at: now().toISOString() });
      await kv.put(`${query.owner}.${id}`, JSON.stringify(complete));
      return id;
    },
    async remove(id, mayRemove) {
      const [key] = await keysOf(`*.${id}`);
      const entry = key === undefined ? undefined : await getJson(kv, key, savedQuery);
      if (key === undefined || entry === undefined || !mayRemove(entry.value)) return false;
      await kv.delete(key);
      return true;
    },
  };
}
