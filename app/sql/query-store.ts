import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { offeredTo } from '#app/saved/saved-entries.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
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
  return {
    offered: (user) => offeredTo(user, kv, '>', savedQuery),
    async save(query, known) {
      const keys = await keysOf(kv, `${query.owner}.*`);
      const again = known !== undefined && keys.includes(`${query.owner}.${known}`);
      if (!again && keys.length >= queriesPerUser) return undefined;
      const id = again ? known : randomBytes(6).toString('hex');
      const complete = savedQuery.parse({ ...query, id, saved_at: now().toISOString() });
      await kv.put(`${query.owner}.${id}`, JSON.stringify(complete));
      return id;
    },
    async remove(id, mayRemove) {
      const [key] = await keysOf(kv, `*.${id}`);
      const entry = key === undefined ? undefined : await getJson(kv, key, savedQuery);
      if (key === undefined || entry === undefined || !mayRemove(entry.value)) return false;
      await kv.delete(key);
      return true;
    },
  };
}
