import type { JetStreamManager } from '@nats-io/jetstream';
import { type IntakeDomain, streams, subjects } from '#contracts/v1/subjects.ts';
import { readNextOfLeader } from '#platform/nats/publish.ts';
import { consumerOf } from './consume.ts';

/**
 * Has everything been taken that a system sent of a domain up to a moment? One message that cannot be got done with holds
 * up what was sent after it: it may be any of them.
 * @param until UTC.
 */
export async function hasTaken(
  manager: JetStreamManager,
  domain: IntakeDomain,
  system: string,
  until: Date,
): Promise<boolean> {
  const { ack_floor } = await manager.consumers.info(streams.intake, consumerOf(domain));
  const subject = subjects.intake(domain, system, '>');
  const next = await readNextOfLeader(manager, streams.intake, subject, ack_floor.stream_seq + 1);
  return next === undefined || next.time > until;
}
