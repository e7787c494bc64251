import { type IntakeHeaders, topicToken } from '#contracts/v1/intake.ts';
import { type IntakeDomain, subjects } from '#contracts/v1/subjects.ts';
import { publishDurably } from '#platform/nats/publish.ts';
import type { Publisher, Stored } from '#platform/nats/publisher.ts';
import { toNatsHeaders } from './headers.ts';

export interface IntakeMessage {
  system: string;
  /** Whose consumers take it. */
  domain: IntakeDomain;
  topic: string;
  /** The payload byte for byte as it arrived. */
  body: Uint8Array;
  headers: Omit<IntakeHeaders, 'syncline-system' | 'syncline-topic'>;
  /** It did not come by the system's feed: we asked for this one thing. Backfill is so too. */
  aside?: boolean;
  /** The same id on the same system and topic is the same delivery. */
  deliveryId: string;
}

/** Puts a message onto INTAKE, whichever way it came. Once this resolves it is durable. */
export function toIntake(
  publisher: Publisher,
  { system, domain, topic, body, headers, deliveryId, aside = false }: IntakeMessage,
  limits: { timeoutMs?: number; attempts?: number } = {},
): Promise<Stored> {
  const isAside = aside || headers['syncline-origin'] === 'backfill';
  const subject = (isAside ? subjects.intakeAside : subjects.intake)(domain, system, topicToken(topic));
  return publishDurably(publisher, subject, body, {
    msgId: `${system} ${topic} ${deliveryId}`,
    headers: toNatsHeaders({ ...headers, 'syncline-system': system, 'syncline-topic': topic }),
    ...limits,
  });
}
