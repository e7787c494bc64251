import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import { goneAfterMs, type Present } from './present.ts';

export interface Presence {
  /** Says that a tab of somebody's is at a case. */
  here(tab: TabOf, present: Present): Promise<void>;
  left(tab: TabOf): Promise<void>;
  /** Who is at a case, the viewer left out; somebody with two tabs is one. */
  at(caseId: string, viewerEmail: string): Present[];
  /** Hears of every case at which that changed, until the returned function is called. */
  listen(listener: (caseId: string) => void): () => void;
  close(): void;
}

export interface TabOf {
  caseId: string;
  userId: string;
  tab: string;
}

const stored = z.object({ email: z.string().max(254), editing: z.boolean() });
const keyOf = ({ caseId, userId, tab }: TabOf) => `${caseId}.${userId}.${tab}`;

/**
 * Who has which case open, in KV bucket PRESENCE under `<case>.<user>.<tab>`. Every console follows the bucket; what NATS
 * lets expire it does not announce, so each entry is dropped here when its time is over.
 */
export async function openPresence(nc: NatsConnection, log: Log, keepMs = goneAfterMs): Promise<Presence> {
  const kv = await openBucket(nc, buckets.presence, { ttl: keepMs });
  const cases = new Map<string, Map<string, Present & { expiry: ReturnType<typeof setTimeout> }>>();
  const listeners = new Set<(caseId: string) => void>();
  const tell = (caseId: string) => listeners.forEach((listener) => listener(caseId));

  const drop = (caseId: string, key: string) => {
    const tabs = cases.get(caseId);
    const tab = tabs?.get(key);
    if (tabs === undefined || tab === undefined) return;
    clearTimeout(tab.expiry);
    tabs.delete(key);
    if (tabs.size === 0) cases.delete(caseId);
    tell(caseId);
  };
  const keep = (caseId: string, key: string, present: Present, age: number) => {
    const tabs = cases.get(caseId) ?? new Map<string, Present & { expiry: ReturnType<typeof setTimeout> }>();
    const before = tabs.get(key);
    clearTimeout(before?.expiry);
    const expiry = setTimeout(() => drop(caseId, key), Math.max(0, keepMs - age)).unref();
    cases.set(caseId, tabs.set(key, { ...present, expiry }));
    if (before?.editing !== present.editing) tell(caseId);
  };

  const watch = await watchBucket(kv, (entry) => {
    const caseId = entry.key.split('.')[0] ?? '';
    const parsed = entry.operation === 'PUT' ? stored.safeParse(entry.json()) : undefined;
    if (parsed?.success === true) keep(caseId, entry.key, parsed.data, Date.now() - entry.created.getTime());
    else drop(caseId, entry.key);
  });
  watch.ready.catch((error: unknown) => log.error({ err: error }, 'who has which case open is no longer followed'));
  return {
    here: async (tab, { email, editing }) => void (await kv.put(keyOf(tab), JSON.stringify({ email, editing }))),
    left: (tab) => kv.delete(keyOf(tab)),
    at(caseId, viewerEmail) {
      const people = new Map<string, Present>();
      for (const { email, editing } of cases.get(caseId)?.values() ?? [])
        if (email !== viewerEmail)
          people.set(email, { email, editing: editing || (people.get(email)?.editing ?? false) });
      return [...people.values()].sort((a, b) => a.email.localeCompare(b.email));
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      watch.stop();
      for (const tabs of cases.values()) for (const { expiry } of tabs.values()) clearTimeout(expiry);
      cases.clear();
      listeners.clear();
    },
  };
}
