import { jetstreamManager } from '@nats-io/jetstream';
import type { KvWatchEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { encodeToken } from '#contracts/v1/key.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { crashPoint } from './crash-point.ts';
import { openBucket } from './nats/kv.ts';
import { publishFenced } from './nats/publish.ts';
import { publisherOf } from './nats/publisher.ts';

const leaseValue = z.object({
  name: z.string(),
  /** Empty once the holder let it go. */
  owner: z.string(),
  nonce: z.string(),
  ttl_ms: z.number().positive(),
});
const memberValue = z.object({
  owner: z.string(),
  nonce: z.string(),
  ttl_ms: z.number().positive(),
  /** Names of the leases it holds or would take. */
  wants: z.array(z.string()),
});
export type LeaseValue = z.infer<typeof leaseValue>;
export type MemberValue = z.infer<typeof memberValue>;

/** An entry of the bucket as last seen. `writtenMs` is the server's clock, the only one that counts for expiry. */
export interface Seen<Value> {
  revision: number;
  writtenMs: number;
  value: Value;
}

/** What every replica sees of the bucket LEASES, and the one way to change a lease. */
export interface LeaseTable {
  lease(name: string): Seen<LeaseValue> | undefined;
  leases(): Seen<LeaseValue>[];
  /** Replicas whose heartbeat is younger than their time to live. */
  members(): MemberValue[];
  /** Lower bound of the server's time, in ms; undefined until the first heartbeat came back. */
  serverNow(): number | undefined;
  /** @throws when the server did not acknowledge within `timeoutMs`. */
  beat(member: MemberValue, timeoutMs: number): Promise<void>;
  /**
   * Writes the lease if its revision is still `expected` (0: never written).
   * @returns the new revision, or undefined where somebody else's write stands.
   * @throws when the outcome is unknown and the leader cannot be asked.
   */
  swap(value: LeaseValue, expected: number, timeoutMs: number): Promise<number | undefined>;
  /** Owners that have not been heard of for so long that their entry may go. */
  longGone(): string[];
  forget(owner: string): Promise<void>;
  close(): Promise<void>;
}

const FORGET_AFTER_MS = 3_600_000;

const leaseKey = (name: string): string => `lease.${encodeToken(name)}`;
const memberKey = (owner: string): string => `member.${encodeToken(owner)}`;

/** Opens (creating where missing) the bucket and follows it. `onChange` is called after every entry that came in. */
export async function openLeaseTable(
  nc: NatsConnection,
  options: { nonce: string; now: () => number; onChange: () => void; onError: (error: unknown) => void },
): Promise<LeaseTable> {
  const { nonce, now, onChange, onError } = options;
  const kv = await openBucket(nc, buckets.leases);
  const stream = `KV_${buckets.leases}`;
  const subject = (key: string): string => `$KV.${buckets.leases}.${key}`;
  const publisher = publisherOf(nc);
  const manager = await jetstreamManager(nc);
  const leases = new Map<string, Seen<LeaseValue>>();
  const members = new Map<string, Seen<MemberValue>>();
  let serverOffsetMs: number | undefined;
  let closed = false;

  const take = (entry: KvWatchEntry): void => {
    if (entry.operation !== 'PUT') return;
    const seen = { revision: entry.revision, writtenMs: entry.created.getTime() };
    if (entry.key.startsWith('lease.')) {
      const value = leaseValue.parse(entry.json());
      leases.set(value.name, { ...seen, value });
    } else {
      const value = memberValue.parse(entry.json());
      members.set(entry.key, { ...seen, value });
      // The entry was written before it arrived: adding what has passed since arrival never runs ahead of the server.
      if (value.nonce === nonce) serverOffsetMs = seen.writtenMs - now();
    }
  };

  let watcher = await kv.watch();
  const following = (async () => {
    while (!closed) {
      try {
        for await (const entry of watcher) {
          take(entry);
          onChange();
        }
        if (!closed) watcher = await kv.watch();
      } catch (error) {
        if (closed) return;
        onError(error);
        await new Promise((resume) => setTimeout(resume, 500));
      }
    }
  })();

  const serverNow = (): number | undefined => (serverOffsetMs === undefined ? undefined : now() + serverOffsetMs);
  return {
    lease: (name) => leases.get(name),
    leases: () => [...leases.values()],
    members: () => {
      const at = serverNow();
      if (at === undefined) return [];
      return [...members.values()].filter((m) => at - m.writtenMs < m.value.ttl_ms).map((m) => m.value);
    },
    serverNow,
    beat: async (member, timeoutMs) => {
      await publisher.publish(subject(memberKey(member.owner)), JSON.stringify(member), { timeoutMs });
    },
    swap: async (value, expected, timeoutMs) => {
      crashPoint('lease.write.before');
      const result = await publishFenced(publisher, manager, {
        stream,
        subject: subject(leaseKey(value.name)),
        data: JSON.stringify(value),
        msgId: `${value.name}:${expected}`,
        expectedSeq: expected,
        isMine: (last) => leaseValue.parse(last.json()).nonce === nonce,
        timeoutMs,
      });
      crashPoint('lease.write.after');
      return result.won ? result.seq : undefined;
    },
    forget: async (owner) => {
      members.delete(memberKey(owner));
      await manager.streams.purge(stream, { filter: subject(memberKey(owner)) });
    },
    longGone: () => {
      const at = serverNow();
      if (at === undefined) return [];
      return [...members.values()].filter((m) => at - m.writtenMs > FORGET_AFTER_MS).map((m) => m.value.owner);
    },
    close: async () => {
      closed = true;
      watcher.stop();
      await following;
    },
  };
}
