import type { System } from '#contracts/v1/estate.ts';
import type { ExchangeBook } from '../files/exchange-book.ts';
import type { FileExchange } from '../files/file-exchange.ts';
import type { WebhookDialect } from '../intake/webhook-dialect.ts';
import type { Poll } from '../polls/poll.ts';
import type { Connector, Secrets } from './connector.ts';
import type { OrderFormat, Topic } from './topics.ts';

/**
 * All that Syncline knows of one kind of system: one folder, one definition, and an entry in the estate for each system
 * of that kind. Flows never see a vendor's words: they call business services and receive canonical messages.
 */
export interface ConnectorDefinition {
  /** What a system of the estate names as its `kind`. */
  readonly kind: string;
  /** The way out. @throws Error naming a setting or secret that is absent; the start stops with it. */
  open(system: System, secrets: Secrets, book?: ExchangeBook): Connector;
  /** How it exchanges documents as files, where it does. @throws Error naming a setting that is absent. */
  readonly files?: (system: System, secrets: Secrets) => FileExchange | undefined;
  /** How it is asked what is new, where it tells nobody. @throws Error naming a setting that is wrong. */
  readonly poll?: (system: System) => Poll;
  /** It fetches what it wants to know through our API: orders and stock of its channels are not sent to it. */
  readonly pulls?: true;
  /** It tells what it ships and never when that arrives: what it shipped counts as delivered (docs/decisions/0018). */
  readonly delivery?: 'untold';
  /** How it writes an order; without one its orders come as our own API takes them. */
  readonly order?: OrderFormat;
  /** What its messages mean, by the topic it sends them under. */
  readonly topics?: Readonly<Record<string, Topic>>;
  /** How it signs and names the webhooks it posts, where it does. */
  readonly webhook?: WebhookDialect;
}
