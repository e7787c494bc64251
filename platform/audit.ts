import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from './log.ts';
import { getJson, openBucket } from './nats/kv.ts';

export const auditEntry = z.object({
  at: instant,
  type: z.enum([
    'signed_in',
    'sign_in_refused',
    'signed_out',
    'refused',
    'revealed',
    'password_changed',
    'password_change_refused',
  ]),
  /** User id, or the e-mail address that was tried. */
  actor: z.string().max(254),
  address: z.string().max(64),
  detail: z.record(z.string().max(64), z.string().max(500)),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export interface Audit {
  /** Records without making the caller wait; what cannot be stored is in the log. */
  record(entry: Omit<AuditEntry, 'at'>): void;
  /** The newest entries first, at most `limit`. */
  latest(limit: number): Promise<AuditEntry[]>;
}

const keepMs = 400 * 24 * 3_600_000;

/** The audit trail of access, in KV: keys begin with the time, entries are never rewritten and age out after 400 days. */
export async function openAudit(nc: NatsConnection, log: Log, now: () => Date = () => new Date()): Promise<Audit> {
  const kv = await openBucket(nc, buckets.audit, { ttl: keepMs });
  return {
    record(entry) {
      const at = now();
      const complete: AuditEntry = { at: at.toISOString(), ...entry };
      const key = `${at.getTime()}-${randomBytes(6).toString('hex')}`;
      kv.create(key, JSON.stringify(complete)).catch((error: unknown) => {
        log.error({ err: error, audit: complete }, 'an audit entry could not be stored');
      });
    },
    async latest(limit) {
      const keys: string[] = [];
      for await (const key of await kv.keys()) keys.push(key);
      const newest = keys.sort().reverse().slice(0, limit);
      const entries = await Promise.all(newest.map((key) => getJson(kv, key, auditEntry)));
      return entries.flatMap((entry) => (entry ? [entry.value] : []));
    },
  };
}
