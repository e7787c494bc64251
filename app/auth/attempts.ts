import { createHash } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import { compareAndSwap, getJson, openBucket } from '#platform/nats/kv.ts';

/** Attempts allowed in a window of this length; a window starts with its first attempt. */
export const attemptLimits = { windowMs: 15 * 60_000, account: 10, address: 50 } as const;

const count = z.object({ attempts: z.int().positive(), since: z.int() });

export type Attempt = { allowed: true } | { allowed: false; retryAfterS: number };

/** What is said to who must wait. */
export function waitInWords(retryAfterS: number): string {
  const minutes = Math.max(1, Math.ceil(retryAfterS / 60));
  return `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}

export interface Attempts {
  /** Counts an attempt before its password is looked at, so that parallel guesses count too. */
  take(account: string, address: string): Promise<Attempt>;
  /** Forgets the account's attempts after a right password; those of the address stay. */
  forgive(account: string): Promise<void>;
}

/** Attempts to sign in, counted per account and per client address in KV: for all replicas, over restarts, and bounded. */
export async function openAttempts(nc: NatsConnection, now: () => Date = () => new Date()): Promise<Attempts> {
  const kv = await openBucket(nc, buckets.signInAttempts, { ttl: attemptLimits.windowMs, max_bytes: 64 * 1024 * 1024 });
  const keyOf = (kind: string, value: string) => `${kind}.${createHash('sha256').update(value).digest('hex')}`;
  const accountKey = (account: string) => keyOf('account', account.trim().toLowerCase());

  const increment = async (key: string, limit: number): Promise<Attempt> => {
    for (let race = 0; race < 10; race++) {
      const at = now().getTime();
      const seen = await getJson(kv, key, count);
      const running = seen && at - seen.value.since < attemptLimits.windowMs ? seen.value : { attempts: 0, since: at };
      if (running.attempts >= limit)
        return { allowed: false, retryAfterS: Math.ceil((running.since + attemptLimits.windowMs - at) / 1_000) };
      const next = JSON.stringify({ attempts: running.attempts + 1, since: running.since });
      if (await compareAndSwap(kv, key, next, seen?.revision ?? 0)) return { allowed: true };
    }
    // So many at once for one account or address is itself too many.
    return { allowed: false, retryAfterS: 1 };
  };

  return {
    async take(account, address) {
      const byAddress = await increment(keyOf('address', address), attemptLimits.address);
      return byAddress.allowed ? increment(accountKey(account), attemptLimits.account) : byAddress;
    },
    forgive: (account) => kv.delete(accountKey(account)),
  };
}
