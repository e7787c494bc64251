import type { NatsConnection } from '@nats-io/nats-core';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { Audit } from '#platform/audit.ts';
import { compareAndSwap, openBucket } from '#platform/nats/kv.ts';

export interface Looks {
  /** Records that somebody looked at a case, once within ten minutes, whichever console they asked. */
  record(viewer: Pick<Viewer, 'id'>, caseId: string, address: string): Promise<void>;
}

const oneLookMs = 600_000;
const mostRemembered = 10_000;

/** Looks at cases for the audit. What this process knows of saves asking NATS with every reload of a page. */
export async function openLooks(
  nc: NatsConnection,
  audit: Pick<Audit, 'record'>,
  { withinMs = oneLookMs, now = Date.now }: { withinMs?: number; now?: () => number } = {},
): Promise<Looks> {
  const kv = await openBucket(nc, buckets.looks, { ttl: withinMs });
  const remembered = new Map<string, number>();
  const forgetOld = () => {
    for (const [key, at] of remembered) {
      if (now() - at < withinMs && remembered.size <= mostRemembered) break;
      remembered.delete(key);
    }
  };
  return {
    async record({ id }, caseId, address) {
      const key = `${caseId}.${id}`;
      forgetOld();
      if (remembered.has(key)) return;
      remembered.set(key, now());
      // Twice in the audit is better than not at all, where nobody can tell whether it was.
      const first = await compareAndSwap(kv, key, '', 0).catch(() => 0);
      if (first === undefined) return;
      audit.record({
        action: 'viewed',
        actor: id,
        object_kind: 'case',
        object_id: caseId,
        personal: { address },
      });
    },
  };
}
