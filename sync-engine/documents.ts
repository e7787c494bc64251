import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { publishDurably, readAt } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import type { Answer, PreparedCall } from './connectors/connector.ts';

/** What was sent to a system and what it answered, kept with the step. */
export interface Exchange {
  call: PreparedCall;
  answer?: Answer;
  error?: string;
  at: string;
  duration_ms: number;
}

/** An answer is kept up to this length; a request is kept whole. */
const ANSWER_LIMIT = 64_000;

/**
 * Canonical, corrected and sent documents of transactions: messages on PAYLOADS, named by their stream sequence. They
 * never change, so what was read once is kept in memory.
 */
export class Documents {
  readonly #publisher: Publisher;
  readonly #js: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #memory = new Map<number, unknown>();
  readonly #memorySize: number;

  constructor(publisher: Publisher, js: JetStreamClient, manager: JetStreamManager, memorySize = 5_000) {
    this.#publisher = publisher;
    this.#js = js;
    this.#manager = manager;
    this.#memorySize = memorySize;
  }

  /** @returns the document's sequence on PAYLOADS, once it is durable. */
  async keep(key: string, name: string, value: unknown): Promise<number> {
    const seq = await this.keepBytes(key, name, JSON.stringify(value));
    this.#remember(seq, value);
    return seq;
  }

  async keepBytes(key: string, name: string, bytes: Uint8Array | string): Promise<number> {
    crashPoint('engine.document.before');
    const { seq } = await publishDurably(this.#publisher, subjects.payload(key, name), bytes);
    crashPoint('engine.document.after');
    return seq;
  }

  keepExchange(key: string, name: string, exchange: Exchange): Promise<number> {
    const { answer } = exchange;
    const kept =
      answer === undefined
        ? exchange
        : { ...exchange, answer: { ...answer, body: answer.body.slice(0, ANSWER_LIMIT) } };
    return this.keepBytes(key, name, JSON.stringify(kept));
  }

  /** What the last attempt of a step sent, if it is still kept. */
  async lastExchange(key: string, step: string): Promise<Exchange | undefined> {
    const messages = await readSubject(
      this.#js,
      this.#manager,
      streams.payloads,
      subjects.payload(key, `sent.${step}.*`),
    );
    return messages.at(-1)?.json<Exchange>();
  }

  /** A JSON document of ours. @throws where it has aged out. */
  async read<T>(seq: number): Promise<T> {
    const value = await this.find<T>(seq);
    if (value === undefined) throw new Error(`document ${seq} is no longer kept`);
    return value;
  }

  /** A JSON document of ours; undefined where it has aged out. */
  async find<T>(seq: number): Promise<T | undefined> {
    const known = this.#memory.get(seq);
    if (known !== undefined) return known as T;
    const message = await readAt(this.#manager, streams.payloads, seq);
    if (message === undefined) return undefined;
    const value = message.json<T>();
    this.#remember(seq, value);
    return value;
  }

  /** Bytes of a received payload: version 1 is the INTAKE message, a correction is a document of ours. */
  async received(source: { intake_seq: number } | { document_seq: number }): Promise<Uint8Array> {
    const message =
      'intake_seq' in source
        ? await readAt(this.#manager, streams.intake, source.intake_seq)
        : await readAt(this.#manager, streams.payloads, source.document_seq);
    if (message === undefined) throw new Error('the received payload is no longer kept');
    return message.data;
  }

  /** @returns when a document became durable, UTC. @throws where it has aged out. */
  async writtenAt(seq: number): Promise<string> {
    const message = await readAt(this.#manager, streams.payloads, seq);
    if (message === undefined) throw new Error(`document ${seq} is no longer kept`);
    return message.time.toISOString();
  }

  #remember(seq: number, value: unknown): void {
    this.#memory.set(seq, value);
    if (this.#memory.size <= this.#memorySize) return;
    const oldest = this.#memory.keys().next();
    if (!oldest.done) this.#memory.delete(oldest.value);
  }
}
