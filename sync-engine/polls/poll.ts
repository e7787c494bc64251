import type { Send } from '../connectors/connector.ts';
import type { FetchedMessage } from '../intake/fetched-message.ts';

/** What one part of a look brought. */
export interface Batch {
  /** Oldest first. */
  messages: readonly FetchedMessage[];
  /** Everything up to this position has been brought, by this batch and those before it. */
  upTo: string;
}

/** What a look may use. */
export interface Look {
  /** Sends a read under the connector's limits; where a quota is used up it waits for it. @throws ConnectorError */
  send: Send;
  /** Was a message of this delivery id brought within the last looks? Then it need not be fetched again. */
  known: (deliveryId: string) => boolean;
  now: () => Date;
}

/** How what is new at a system is asked for, where it tells nobody. Positions are the connector's own words. */
export interface Poll {
  /** Milliseconds between the end of a look and the next. */
  everyMs: number;
  /** Where the very first look begins. */
  begin(now: Date): string;
  /**
   * Everything new since a position, in the order it happened. A batch is durable before the next is asked for. It may
   * bring what was brought before: windows overlap, and a look that was broken off is begun again.
   * @throws ConnectorError where the system does not answer as it should; the next look begins at the last position.
   */
  read(from: string, look: Look): AsyncIterable<Batch>;
}
