import { randomUUID } from 'node:crypto';
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { type AuditEvent, auditEvent } from '#contracts/v1/audit.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from './crash-point.ts';
import type { Log } from './log.ts';
import { publishDurably } from './nats/publish.ts';
import { publisherOf } from './nats/publisher.ts';
import { addStream } from './nats/streams.ts';
import { openUsers } from './users.ts';

/** What somebody did; what is left out is empty, and an act without an outcome was done. */
export type Act = Pick<AuditEvent, 'action' | 'actor'> &
  Partial<Omit<AuditEvent, 'v' | 'event_id' | 'at' | 'action' | 'actor'>>;

export interface Audit {
  /**
   * Records without making the caller wait; an act that could not be stored is named in the log. An actor given by
   * e-mail address is recorded by user id, so that one person is one actor, and the address stays in NATS.
   */
  record(act: Act): void;
  /**
   * Records what may only happen where it is recorded. Resolves once it is kept.
   * @throws Error where it cannot be.
   */
  recordFirst(act: Act): Promise<void>;
  /** Resolves once everything recorded so far is kept, or could not be. */
  kept(): Promise<void>;
  /** The newest acts first, at most `limit`. */
  latest(limit: number): Promise<AuditEvent[]>;
}

/** The audit trail: stream AUDIT, never rewritten, 400 days. Ingest lands it in ClickHouse without personal data. */
export async function openAudit(nc: NatsConnection, log: Log, now: () => Date = () => new Date()): Promise<Audit> {
  const manager = await jetstreamManager(nc);
  // The console may be up before the engine, which makes the streams.
  await addStream(manager, streams.audit);
  const js = jetstream(nc);
  const publisher = publisherOf(nc);
  const users = await openUsers(nc);
  const under = new Set<Promise<unknown>>();

  const eventOf = (act: Act): AuditEvent => ({
    v: 1,
    event_id: randomUUID(),
    at: now().toISOString(),
    object_kind: '',
    object_id: '',
    reason: '',
    outcome: 'done',
    detail: {},
    personal: {},
    ...act,
  });

  async function keep(event: AuditEvent, attempts: number): Promise<void> {
    const known = event.actor.includes('@')
      ? { actor: (await users.byEmail(event.actor))?.id ?? '', personal: { ...event.personal, email: event.actor } }
      : {};
    const text = JSON.stringify({ ...event, ...known });
    crashPoint('audit.write.before');
    // A repeat carries the same id, which the stream knows: the act is kept once.
    await publishDurably(publisher, subjects.audit(event.action), text, { msgId: event.event_id, attempts });
    crashPoint('audit.write.after');
  }

  return {
    record(act) {
      const event = eventOf(act);
      const kept = keep(event, 5)
        .catch((error: unknown) => {
          const { event_id, at, action, object_kind, object_id, outcome } = event;
          const audit = { event_id, at, action, object_kind, object_id, outcome };
          log.error({ err: error, audit }, 'an audit event could not be stored');
        })
        .finally(() => under.delete(kept));
      under.add(kept);
    },
    // Somebody waits: two attempts.
    recordFirst: (act) => keep(eventOf(act), 2),
    async kept() {
      await Promise.all(under);
    },
    async latest(limit) {
      await Promise.all(under);
      const { state } = await manager.streams.info(streams.audit);
      const from = Math.max(state.first_seq, state.last_seq - limit + 1);
      if (state.messages === 0) return [];
      const consumer = await js.consumers.get(streams.audit, {
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: from,
      });
      const found: AuditEvent[] = [];
      for await (const message of await consumer.consume()) {
        found.push(auditEvent.parse(message.json()));
        if (message.info.pending === 0) break;
      }
      return found.reverse();
    },
  };
}
