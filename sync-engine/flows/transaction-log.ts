import { randomBytes } from 'node:crypto';
import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { type FencedResult, publishDurably, publishFenced, readLast } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { ToldByOthers } from '../refusal.ts';
import type { FlowState, Head } from './state.ts';

/** What a writer decides; the log adds identity, ordinal and the state's repeated fields. */
export type StepRecord = Pick<
  StepEvent,
  'step' | 'status' | 'attempt' | 'system' | 'direction' | 'started_at' | 'ended_at'
> &
  Partial<
    Pick<
      StepEvent,
      | 'span_id'
      | 'parent_span_id'
      | 'error_class'
      | 'error_code'
      | 'error_path'
      | 'error_message'
      | 'case_id'
      | 'attributes'
      | 'location'
      | 'sku'
      | 'amount'
      | 'currency'
    >
  >;

export interface TransactionLogOptions {
  publisher: Publisher;
  manager: JetStreamManager;
  /** Unique to this process. */
  nonce: string;
  /** Heads kept in memory. A stale one costs a refused append, never a wrong one. */
  cacheSize?: number;
  /** Told of every event that this process appended. */
  onAppend?: (flow: Flow, step: string, status: StepEvent['status']) => void;
  /** For the crash test that proves the fence is needed. */
  unsafeWithoutFence?: boolean;
}

/**
 * The durable log of transactions: step events on their own subjects. An append succeeds only on top of the head it
 * was decided on.
 */
export class TransactionLog {
  readonly #options: TransactionLogOptions;
  readonly #heads = new Map<string, Head>();
  /** Appends under way, by subject; they never reject. */
  readonly #appending = new Map<string, Promise<unknown>>();
  #writes = 0;

  constructor(options: TransactionLogOptions) {
    this.#options = options;
  }

  /** Names one append of this process, so that two of its tasks that race cannot mistake each other's for their own. */
  nextWriter(): string {
    return `${this.#options.nonce}-${(++this.#writes).toString(36)}`;
  }

  /** The last event's checkpoint, from memory where it is known. */
  async head<Data>(flow: Flow, key: string): Promise<Head<Data> | undefined> {
    const subject = subjects.step(flow, key);
    const cached = this.#heads.get(subject);
    if (cached !== undefined) return cached as Head<Data>;
    return this.reload(flow, key);
  }

  /** The last event's checkpoint, from the stream's leader. */
  async reload<Data>(flow: Flow, key: string): Promise<Head<Data> | undefined> {
    const subject = subjects.step(flow, key);
    return this.#take(subject, key, await readLast(this.#options.manager, streams.steps, subject));
  }

  /** As `reload`, for who looks at many transactions once: those that are driven stay in memory. */
  async peek<Data>(flow: Flow, key: string): Promise<Head<Data> | undefined> {
    const last = await readLast(this.#options.manager, streams.steps, subjects.step(flow, key));
    return last === undefined ? undefined : headOf<Data>(key, last);
  }

  /** Does another system tell of it? Then it is there, and this engine does not carry it. */
  async isToldByOthers(flow: Flow, key: string): Promise<boolean> {
    const last = await readLast(this.#options.manager, streams.steps, subjects.step(flow, key));
    return last !== undefined && last.json<StepEvent>().state === undefined;
  }

  /**
   * Appends one event that leaves the transaction in `state`.
   * @returns the new head, or undefined where another writer was first; what that one left is in memory then.
   */
  async append<Data>(
    flow: Flow,
    key: string,
    onto: Head<Data> | undefined,
    record: StepRecord,
    state: FlowState<Data>,
    writer = this.nextWriter(),
  ): Promise<Head<Data> | undefined> {
    const subject = subjects.step(flow, key);
    // Where two tasks of this process race, the second need not ask the stream who was first.
    while (this.#appending.has(subject)) await this.#appending.get(subject);
    if ((this.#heads.get(subject)?.seq ?? 0) > (onto?.seq ?? 0)) return undefined;
    const ordinal = (onto?.ordinal ?? 0) + 1;
    const event = stepEvent(flow, key, ordinal, writer, record, state);
    const publishing = this.#publish(subject, event, onto?.seq ?? 0);
    this.#appending.set(
      subject,
      publishing.catch(() => undefined).finally(() => this.#appending.delete(subject)),
    );
    const result = await publishing;
    if (!result.won) {
      this.#take(subject, key, result.last);
      return undefined;
    }
    this.#options.onAppend?.(flow, record.step, record.status);
    return this.#remember(subject, { key, seq: result.seq, ordinal, state });
  }

  async #publish(subject: string, event: StepEvent, expectedSeq: number): Promise<FencedResult> {
    const { publisher, manager, unsafeWithoutFence } = this.#options;
    const data = JSON.stringify(event);
    crashPoint('engine.step.before');
    if (unsafeWithoutFence === true) return { won: true, seq: (await publishDurably(publisher, subject, data)).seq };
    const result = await publishFenced(publisher, manager, {
      stream: streams.steps,
      subject,
      data,
      msgId: event.event_id,
      expectedSeq,
      isMine: (last: StoredMsg) => last.json<StepEvent>().writer === event.writer,
    });
    crashPoint('engine.step.after');
    return result;
  }

  /** What the stream has as the last message of a subject. */
  #take<Data>(subject: string, key: string, last: StoredMsg | undefined): Head<Data> | undefined {
    if (last === undefined) {
      this.#heads.delete(subject);
      return undefined;
    }
    return this.#remember(subject, headOf<Data>(key, last));
  }

  /** A read that was on its way while this process appended must not bring the older head back. */
  #remember<Data>(subject: string, head: Head<Data>): Head<Data> {
    const known = this.#heads.get(subject) as Head<Data> | undefined;
    if (known !== undefined && known.seq > head.seq) return known;
    this.#heads.delete(subject);
    if (head.state.phase === 'finished') return head;
    this.#heads.set(subject, head);
    if (this.#heads.size <= (this.#options.cacheSize ?? 20_000)) return head;
    const oldest = this.#heads.keys().next();
    if (!oldest.done) this.#heads.delete(oldest.value);
    return head;
  }
}

/** @throws ToldByOthers where it has no checkpoint to go on from. */
function headOf<Data>(key: string, last: StoredMsg): Head<Data> {
  const event: StepEvent = last.json();
  if (event.state === undefined) throw new ToldByOthers(event.flow, key, event.writer);
  return { key, seq: last.seq, ordinal: event.ordinal, state: event.state as FlowState<Data> };
}

/** Asking for random bytes costs the same for eight of them as for many. */
let random = Buffer.alloc(0);

/** 16 hex digits, as W3C Trace Context wants them. */
export function newSpanId(): string {
  if (random.length < 8) random = randomBytes(4_096);
  const id = random.toString('hex', 0, 8);
  random = random.subarray(8);
  return id;
}

function stepEvent(
  flow: Flow,
  key: string,
  ordinal: number,
  writer: string,
  record: StepRecord,
  state: FlowState,
): StepEvent {
  return {
    v: 1,
    event_id: `${key}:${ordinal}`,
    ordinal,
    writer,
    trace_id: state.trace_id,
    flow,
    key,
    error_class: '',
    error_code: '',
    error_path: '',
    error_message: '',
    case_id: '',
    ...state.dimensions,
    deadline: state.deadline,
    payload_version: state.payload_version,
    ...record,
    span_id: record.span_id ?? newSpanId(),
    parent_span_id: record.parent_span_id ?? state.root_span_id,
    attributes: { ...state.labels, ...record.attributes },
    state,
  };
}
