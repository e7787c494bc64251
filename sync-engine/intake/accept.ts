import { randomUUID } from 'node:crypto';
import type { JetStreamManager } from '@nats-io/jetstream';
import { streams } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import { readAt } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import { conflict, unavailable } from '#platform/http/problem.ts';
import { type IntakeMessage, toIntake } from './to-intake.ts';

export interface Arrival extends Omit<IntakeMessage, 'deliveryId'> {
  /** The sender's own id of this delivery: the same id on the same system and topic is the same delivery. */
  deliveryId: string | undefined;
  /** Refuse a repeated id whose content differs, instead of calling it a duplicate. */
  contentMustMatch?: boolean;
}

export interface Acceptance {
  seq: number;
  duplicate: boolean;
}

/** Puts an arrival into INTAKE. Once this resolves it is durable. */
export type Accept = (arrival: Arrival) => Promise<Acceptance>;

export interface AcceptOptions {
  publisher: Publisher;
  manager: JetStreamManager;
  log: Log;
  metrics: IntakeMetrics;
  /** For one attempt to write, in milliseconds; there are two. Vendors wait five seconds in all. */
  timeoutMs?: number;
}

/** @returns a function that rejects with Refused: 503 where JetStream did not confirm, 409 for a reused id. */
export function createAccept({ publisher, manager, log, metrics, timeoutMs = 1_800 }: AcceptOptions): Accept {
  return async ({ system, domain, topic, body, headers, deliveryId, contentMustMatch }) => {
    const stored = await publish();
    if (stored.duplicate) {
      if (contentMustMatch === true) await refuseOtherContent(stored.seq);
      metrics.duplicates.inc({ system, topic });
    } else {
      metrics.accepted.inc({ system, topic });
      metrics.bytes.inc({ system }, body.length);
    }
    return stored;

    async function publish(): Promise<Acceptance> {
      // Even what has no id of its own gets one, so that our second attempt cannot store it twice.
      const message = { system, domain, topic, body, headers, deliveryId: deliveryId ?? randomUUID() };
      try {
        crashPoint('engine.intake.before');
        const stored = await toIntake(publisher, message, { timeoutMs, attempts: 2 });
        crashPoint('engine.intake.after');
        return stored;
      } catch (error) {
        log.error({ err: error, system, topic }, 'an arrival could not be stored');
        throw unavailable('It could not be stored safely just now, so it was not accepted. Send it again.', 5, error);
      }
    }

    async function refuseOtherContent(seq: number): Promise<void> {
      const first = await readAt(manager, streams.intake, seq);
      if (first !== undefined && !Buffer.from(first.data).equals(body))
        throw conflict('The same identification was used before with another content. Use a new one for new content.');
    }
  };
}
