import { randomBytes } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import { compareAndSwap, getEntry, openBucket } from '#platform/nats/kv.ts';
import { publishFenced, readLast } from '#platform/nats/publish.ts';
import { publisherOf } from '#platform/nats/publisher.ts';

const claimValue = z.object({
  /** Everything up to here is landed. */
  committed: z.int().nonnegative(),
  /** The block that is being landed; 0 where none is. */
  first: z.int().nonnegative(),
  last: z.int().nonnegative(),
  nonce: z.string(),
});
export type ClaimValue = z.infer<typeof claimValue>;

/** Somebody else wrote the claim: this writer no longer leads its shard and must stop. */
export class ClaimLost extends Error {
  override name = 'ClaimLost';
}

/** Where a shard stands, in KV, changed by compare-and-swap only. */
export interface Claim {
  readonly value: Readonly<ClaimValue>;
  /** Announces the next block, which commits the one before. @throws ClaimLost */
  take(first: number, last: number): Promise<void>;
  /** Commits the block that was landed last. @throws ClaimLost */
  commit(): Promise<void>;
}

export interface Claims {
  /** Reads a shard's claim from the leader and prepares to write it. */
  open(name: string): Promise<Claim>;
}

export async function openClaims(nc: NatsConnection): Promise<Claims> {
  await openBucket(nc, buckets.claims);
  const publisher = publisherOf(nc);
  const manager = await jetstreamManager(nc);
  const stream = `KV_${buckets.claims}`;
  return {
    async open(name) {
      const subject = `$KV.${buckets.claims}.${name}`;
      const last = await readLast(manager, stream, subject);
      let revision = last?.seq ?? 0;
      const nonce = randomBytes(12).toString('hex');
      let value: ClaimValue =
        last === undefined ? { committed: 0, first: 0, last: 0, nonce } : claimValue.parse(last.json());
      const write = async (next: ClaimValue): Promise<void> => {
        const result = await publishFenced(publisher, manager, {
          stream,
          subject,
          data: JSON.stringify(next),
          msgId: `${name}:${revision}`,
          expectedSeq: revision,
          isMine: (written) => claimValue.parse(written.json()).nonce === nonce,
        });
        if (!result.won) throw new ClaimLost(`the claim of ${name} was written by another ingest`);
        revision = result.seq;
        value = next;
      };
      return {
        get value() {
          return value;
        },
        take: (from, to) =>
          write({ committed: value.last > 0 ? value.last : value.committed, first: from, last: to, nonce }),
        commit: async () => {
          if (value.last > 0) await write({ committed: value.last, first: 0, last: 0, nonce });
        },
      };
    },
  };
}

/**
 * Refuses a number of shards other than the one this estate was begun with: positions are kept by shard, and an event
 * would be landed twice, or never.
 */
export async function agreeOnShards(nc: NatsConnection, shards: number): Promise<void> {
  const kv = await openBucket(nc, buckets.claims);
  await compareAndSwap(kv, 'shards', String(shards), 0);
  const agreed = (await getEntry(kv, 'shards'))?.string();
  if (agreed !== String(shards))
    throw new Error(`This estate is ingested in ${agreed} shard(s), not ${shards}: set INGEST_SHARDS=${agreed}.`);
}
