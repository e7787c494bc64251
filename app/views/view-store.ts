import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { offeredTo } from '#app/saved/saved-entries.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
import { type SavableList, savedView, type SavedView } from './saved-view.ts';

/** A user keeps at most so many views of a list. */
export const viewsPerUser = 50;

export interface ViewStore {
  /** The user's own views of a list and those shared by others, by name. */
  offered(list: SavableList, user: string): Promise<SavedView[]>;
  /** @returns false where the user has as many as may be kept. */
  save(view: Omit<SavedView, 'id' | 'saved_at'>): Promise<boolean>;
  /** Deletes a view of the user's own. @returns false where there is none. */
  remove(list: SavableList, user: string, id: string): Promise<boolean>;
}

/** Saved views, each under `<list>.<user>.<id>`. */
export async function openViews(nc: NatsConnection, now: () => Date = () => new Date()): Promise<ViewStore> {
  const kv = await openBucket(nc, buckets.views);
  return {
    offered: (list, user) => offeredTo(user, kv, `${list}.>`, savedView),
    async save(view) {
      if ((await keysOf(kv, `${view.list}.${view.owner}.*`)).length >= viewsPerUser) return false;
      const id = randomBytes(6).toString('hex');
      const complete: SavedView = savedView.parse({ ...view, id, saved_at: now().toISOString() });
      await kv.create(`${view.list}.${view.owner}.${id}`, JSON.stringify(complete));
      return true;
    },
    async remove(list, user, id) {
      const key = `${list}.${user}.${id}`;
      if ((await getJson(kv, key, savedView)) === undefined) return false;
      await kv.delete(key);
      return true;
    },
  };
}
