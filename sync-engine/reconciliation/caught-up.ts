import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamManager } from '@nats-io/jetstream';
import { type IntakeDomain, streams, subjects } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { consumerOf } from '../arrivals/consume.ts';

/** Domains whose messages change stock. */
export const stockDomains: readonly IntakeDomain[] = ['stock', 'fulfilment', 'store'];
const LOOK_AGAIN_MS = 200;

/**
 * Waits until every message of some domains that had arrived when this was asked has been taken in, so that what lies
 * in our own inbox is not held against anybody.
 * @returns whether that was so within the time.
 */
export async function inboxCaughtUp(
  manager: JetStreamManager,
  domains: readonly IntakeDomain[],
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const wanted = await Promise.all(
    domains.map(async (domain) => ({
      domain,
      seq: (await readLast(manager, streams.intake, subjects.intakeDomain(domain)))?.seq ?? 0,
    })),
  );
  const until = performance.now() + withinMs;
  for (;;) {
    const behind = await Promise.all(
      wanted.map(async ({ domain, seq }) => {
        if (seq === 0) return false;
        const { ack_floor, num_pending, num_ack_pending } = await manager.consumers.info(
          streams.intake,
          consumerOf(domain),
        );
        return ack_floor.stream_seq < seq && num_pending + num_ack_pending > 0;
      }),
    );
    if (!behind.some(Boolean)) return true;
    if (performance.now() > until) return false;
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
}
