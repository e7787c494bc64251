import type { CaseProblem } from '#contracts/v1/case.ts';
import type { IntakeHeaders } from '#contracts/v1/intake.ts';
import type { Meaning, Topic, TopicOf } from '../connectors/topics.ts';

/** A message of INTAKE. */
export interface Arrival {
  seq: number;
  headers: IntakeHeaders;
  body: Uint8Array;
  /** Where a correction of it lies, where `body` is one. */
  received?: { document_seq: number };
  /** When that was written, UTC. */
  corrected_at?: string;
  /** Its headers are made up, as its own could not be read: nothing can be done with it but to say so. */
  unreadable?: CaseProblem;
}

/**
 * What became of a message. `early`: it belongs to something that is not there yet and must be held, for as long again
 * where it is overdue; with problems, they are what is wrong with it once it has been held as long as policy allows, or
 * `long`: a few times as long.
 */
export type Applied =
  | 'applied'
  | 'early'
  | { superseded: string }
  | { problems: [CaseProblem, ...CaseProblem[]]; early?: boolean | 'long' };

/** What takes messages of some meanings to the transactions they belong to. */
export interface ArrivalHandler<M extends Meaning = Meaning> {
  readonly means: readonly M[];
  /**
   * Repeating it is harmless.
   * @param overdue it has been held as long as policy allows: what can be done alone is done.
   */
  apply(arrival: Arrival, topic: TopicOf<M>, overdue: boolean): Promise<Applied>;
  /** Begins the transaction of a message that could not be applied: it stops with a case of the message. */
  setAside(arrival: Arrival): Promise<void>;
}

/** Handlers by the meanings they take. */
export class ArrivalHandlers {
  readonly #byMeaning = new Map<Meaning, ArrivalHandler>();
  /** Sets aside what nobody knows the topic of. */
  #first: ArrivalHandler | undefined;
  readonly #topicOf: (arrival: Arrival) => Topic | undefined;

  constructor(topicOf: (system: string, topic: string) => Topic | undefined) {
    this.#topicOf = ({ headers }) => topicOf(headers['syncline-system'], headers['syncline-topic']);
  }

  add<M extends Meaning>(handler: ArrivalHandler<M>): void {
    // A handler is only ever asked about topics of its own meanings.
    const any = handler as unknown as ArrivalHandler;
    this.#first ??= any;
    for (const meaning of handler.means) this.#byMeaning.set(meaning, any);
  }

  async apply(arrival: Arrival, overdue: boolean): Promise<Applied> {
    if (arrival.unreadable !== undefined) return { problems: [arrival.unreadable] };
    const topic = this.#topicOf(arrival);
    const handler = topic && this.#byMeaning.get(topic.means);
    if (topic === undefined || handler === undefined) return { problems: [unknownTopic(arrival)] };
    return handler.apply(arrival, topic, overdue);
  }

  setAside(arrival: Arrival): Promise<void> {
    const topic = this.#topicOf(arrival);
    const handler = (topic && this.#byMeaning.get(topic.means)) ?? this.#first;
    if (handler === undefined) throw new Error('this engine takes no messages at all');
    return handler.setAside(arrival);
  }
}

/** Its system left the estate, or its connector no longer knows the topic. */
const unknownTopic = ({ headers }: Arrival): CaseProblem => ({
  error_class: 'reference',
  error_code: 'unknown_topic',
  path: '',
  document: 'received',
  message: `Nothing in this estate takes messages "${headers['syncline-topic']}" of the system "${headers['syncline-system']}". Declare the system with a connector that knows them and replay, or discard the message.`,
});
