import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { mayPass } from '#contracts/v1/case-machine.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { publishFenced, readLast } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';

export interface CaseChange {
  type: CaseEvent['type'];
  actor: string;
  note?: string;
  detail?: Record<string, string>;
  /** What changes in the case, undefined for what is over; revision and times are the store's. */
  patch?: { [K in keyof CaseState]?: CaseState[K] | undefined };
}

export interface StoredCase {
  state: CaseState;
  seq: number;
}

/**
 * Cases, each a stream of its own on `cases.<id>` with the state in its last event. Two changes decided on the same
 * revision cannot both happen.
 */
export class CaseStore {
  readonly #publisher: Publisher;
  readonly #manager: JetStreamManager;
  readonly #nonce: string;
  readonly #now: () => Date;
  #writes = 0;

  constructor(publisher: Publisher, manager: JetStreamManager, nonce: string, now: () => Date) {
    this.#publisher = publisher;
    this.#manager = manager;
    this.#nonce = nonce;
    this.#now = now;
  }

  /** The case as it is now, asked of the leader. */
  async get(id: string): Promise<StoredCase | undefined> {
    const last = await readLast(this.#manager, streams.cases, subjects.case(id));
    return last === undefined ? undefined : { state: last.json<CaseEvent>().state, seq: last.seq };
  }

  /** Writes the first event. @returns undefined where the case exists already. */
  async create(state: CaseState, note: string): Promise<StoredCase | undefined> {
    return this.#append(undefined, { type: 'opened', actor: 'syncline', note }, state);
  }

  /**
   * Applies a change on top of `current`.
   * @returns undefined where somebody else was first.
   * @throws where a case may not go that way: whoever decides asks the table of the case machine first.
   */
  async change(current: StoredCase, change: CaseChange): Promise<StoredCase | undefined> {
    const at = this.#now().toISOString();
    const state: CaseState = {
      ...defined({ ...current.state, ...change.patch }),
      revision: current.state.revision + 1,
      updated_at: at,
    };
    if (!mayPass(change.type, current.state.status, state.status))
      throw new Error(`a case that is ${current.state.status} cannot become ${state.status} by ${change.type}`);
    return this.#append(current, change, state);
  }

  async #append(
    current: StoredCase | undefined,
    change: CaseChange,
    state: CaseState,
  ): Promise<StoredCase | undefined> {
    const writer = `${this.#nonce}-c${(++this.#writes).toString(36)}`;
    const event: CaseEvent = {
      v: 1,
      event_id: `${state.case_id}:${state.revision}`,
      type: change.type,
      at: state.updated_at,
      actor: change.actor,
      note: change.note ?? '',
      detail: change.detail ?? {},
      writer,
      state,
    };
    crashPoint('engine.case.before');
    const result = await publishFenced(this.#publisher, this.#manager, {
      stream: streams.cases,
      subject: subjects.case(state.case_id),
      data: JSON.stringify(event),
      msgId: event.event_id,
      expectedSeq: current?.seq ?? 0,
      isMine: (last: StoredMsg) => last.json<CaseEvent>().writer === writer,
    });
    crashPoint('engine.case.after');
    return result.won ? { state, seq: result.seq } : undefined;
  }
}

/** Without what a change took away. */
const defined = (state: object): CaseState =>
  Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)) as CaseState;
