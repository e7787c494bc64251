import type { Estate } from '#contracts/v1/estate.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { domainOf } from '../connectors/topics.ts';
import { toIntake } from './to-intake.ts';

/** One message that we went and fetched, out of a file or by asking, to be put onto INTAKE. */
export interface FetchedMessage {
  topic: string;
  /** The same however often the same thing is fetched. */
  deliveryId: string;
  body: Uint8Array;
  /** Fetched because the system did not tell of it, and not in the course of its feed. */
  aside?: boolean;
}

/** Puts a fetched message of a system onto INTAKE. Once this resolves it is durable. */
export type PublishFetched = (system: string, message: FetchedMessage) => Promise<void>;

export interface FetchedOptions {
  publisher: Publisher;
  kinds: Pick<Kinds, 'topic'>;
  estate: Pick<Estate, 'simulated'>;
  now: () => Date;
}

/** @returns a function that throws where the system's connector does not know the topic, which is a defect of it. */
export const createPublishFetched =
  ({ publisher, kinds, estate, now }: FetchedOptions): PublishFetched =>
  async (system, { topic, deliveryId, body, aside = false }) => {
    const means = kinds.topic(system, topic)?.means;
    if (means === undefined) throw new Error(`nobody knows the topic ${topic}`);
    await toIntake(publisher, {
      system,
      domain: domainOf[means],
      topic,
      body,
      deliveryId,
      aside,
      headers: {
        'syncline-received-at': now().toISOString(),
        'syncline-webhook-id': deliveryId,
        'syncline-origin': estate.simulated ? 'simulated' : 'live',
      },
    });
  };
