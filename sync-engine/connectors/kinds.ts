import type { Estate } from '#contracts/v1/estate.ts';
import { apiTopics } from './channel-api/topics.ts';
import { channelApiOrder } from './channel-api/order-format.ts';
import type { ConnectorDefinition } from './definition.ts';
import { builtIn } from './registry.ts';
import type { OrderFormat, Topic } from './topics.ts';

/** @throws Error where a connector claims what only Syncline's own API brings. */
function demandOwnTopics({ kind, topics = {} }: ConnectorDefinition): void {
  for (const [name, { means }] of Object.entries(topics))
    if (isOwn(name) || means === 'master_data')
      throw new Error(`The connector of "${kind}" cannot have the topic "${name}": that is Syncline's own API's.`);
}

const isOwn = (topic: string): topic is keyof typeof apiTopics => Object.hasOwn(apiTopics, topic);

/** The kinds of systems of an estate: how each is spoken to and understood. */
export class Kinds {
  readonly #definitions: ReadonlyMap<string, ConnectorDefinition>;
  readonly #systems: ReadonlyMap<string, ConnectorDefinition>;

  /**
   * @param added connectors beside those that come with Syncline; one of the same kind takes the place of ours.
   * @throws Error naming a system whose kind nobody knows.
   */
  constructor(estate: Pick<Estate, 'systems'>, added: readonly ConnectorDefinition[] = []) {
    for (const definition of added) demandOwnTopics(definition);
    this.#definitions = new Map([...builtIn, ...added].map((definition) => [definition.kind, definition]));
    this.#systems = new Map(estate.systems.map(({ id, kind }) => [id, this.#definition(id, kind)]));
  }

  /** The definitions that systems of the estate have, each once. */
  inUse(): ConnectorDefinition[] {
    return [...new Set(this.#systems.values())];
  }

  /** @throws Error where the estate no longer declares it. */
  of(systemId: string): ConnectorDefinition {
    const definition = this.#systems.get(systemId);
    if (definition === undefined) throw new Error(`the estate no longer declares the system "${systemId}"`);
    return definition;
  }

  isPulled(systemId: string): boolean {
    return this.#systems.get(systemId)?.pulls === true;
  }

  /** Does a warehouse system tell when its parcels arrive? */
  tellsDelivery(systemId: string): boolean {
    return this.#systems.get(systemId)?.delivery !== 'untold';
  }

  /** How a system writes its orders: as its vendor does or, failing that, as our own API takes them. */
  orderFormat(systemId: string): OrderFormat {
    return this.#systems.get(systemId)?.order ?? channelApiOrder;
  }

  /** What a message of a system means; undefined where nobody knows its topic any more. */
  topic(systemId: string, topic: string): Topic | undefined {
    return isOwn(topic) ? apiTopics[topic] : this.#systems.get(systemId)?.topics?.[topic];
  }

  #definition(system: string, kind: string): ConnectorDefinition {
    const definition = this.#definitions.get(kind);
    if (definition !== undefined) return definition;
    const known = [...this.#definitions.keys()].join(', ');
    throw new Error(
      `System "${system}" of the estate is of kind "${kind}", which no connector speaks. Known: ${known}.`,
    );
  }
}
