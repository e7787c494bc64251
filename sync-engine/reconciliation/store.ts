import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import {
  reconciliationBreak,
  type ReconciliationBreak,
  reconciliationRun,
  type ReconciliationRun,
} from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { inParallel } from '#platform/in-parallel.ts';
import { publishFenced, readLast } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Ended } from '../repairs/forget.ts';

export interface Stored<T> {
  state: T;
  seq: number;
}

/** What the store adds by itself. */
type Kept = 'v' | 'event_id' | 'revision' | 'writer';
export type RunState = Omit<ReconciliationRun, Kept | 'updated_at'>;
export type BreakState = Omit<ReconciliationBreak, Kept>;

const READ_AT_ONCE = 16;

const declared = z.object({ declared_at: instant });

/** Runs and breaks, each on a subject of its own whose last event is its state. Two changes of one state cannot both happen. */
export class ReconciliationStore {
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

  async run(id: string): Promise<Stored<ReconciliationRun> | undefined> {
    const last = await this.#last(subjects.reconciliationRun(id));
    return last && { state: reconciliationRun.parse(last.json()), seq: last.seq };
  }

  /** @returns undefined where somebody else was first. */
  putRun(current: Stored<ReconciliationRun> | undefined, state: RunState) {
    return this.#put<ReconciliationRun>(subjects.reconciliationRun(state.run_id), `run:${state.run_id}`, current, {
      ...state,
      updated_at: this.#now().toISOString(),
    });
  }

  async break(id: string): Promise<Stored<ReconciliationBreak> | undefined> {
    const last = await this.#last(subjects.reconciliationBreak(id));
    return last && { state: reconciliationBreak.parse(last.json()), seq: last.seq };
  }

  /** @returns undefined where somebody else was first. */
  putBreak(current: Stored<ReconciliationBreak> | undefined, state: BreakState) {
    const name = `break:${state.break_id}`;
    return this.#put<ReconciliationBreak>(subjects.reconciliationBreak(state.break_id), name, current, state);
  }

  /** Since when a plan is known; `now` where it is new. */
  async declaredSince(plan: string): Promise<Date> {
    const subject = subjects.reconciliationPlan(plan);
    for (;;) {
      const known = await this.#last(subject);
      if (known !== undefined) return new Date(declared.parse(known.json()).declared_at);
      await publishFenced(this.#publisher, this.#manager, {
        stream: streams.reconciliation,
        subject,
        data: JSON.stringify({ declared_at: this.#now().toISOString() }),
        msgId: `plan:${plan}`,
        expectedSeq: 0,
        isMine: () => false,
      });
    }
  }

  /** Runs that are over, but for those that are needed. */
  async endedRuns(isNeeded: (run: ReconciliationRun) => boolean): Promise<Ended[]> {
    const ended: Ended[] = [];
    await this.#each(subjects.allReconciliationRuns, 1, (last) => {
      const run = reconciliationRun.parse(last.json());
      if (!isNeeded(run)) ended.push({ id: run.run_id, at: run.updated_at });
    });
    return ended;
  }

  /** Breaks that are not open and have a history. */
  async endedBreaks(): Promise<Ended[]> {
    const ended: Ended[] = [];
    await this.#each(subjects.allReconciliationBreaks, 2, (last) => {
      const { break_id: id, status, at } = reconciliationBreak.parse(last.json());
      if (status !== 'open') ended.push({ id, at });
    });
    return ended;
  }

  /** Takes a run out altogether: ClickHouse has it. */
  async forgetRun(id: string): Promise<void> {
    await this.#manager.streams.purge(streams.reconciliation, { filter: subjects.reconciliationRun(id) });
  }

  /** Takes the history of a break out. Its last state stays: found again, it is the same one and its revisions go on. */
  async forgetHistory(id: string): Promise<void> {
    await this.#manager.streams.purge(streams.reconciliation, { filter: subjects.reconciliationBreak(id), keep: 1 });
  }

  /** Reads the last message of every subject below `filter` that has so many. */
  async #each(filter: string, least: number, read: (last: StoredMsg) => void): Promise<void> {
    const { state } = await this.#manager.streams.info(streams.reconciliation, { subjects_filter: filter });
    const wanted = Object.entries(state.subjects ?? {}).filter(([, messages]) => messages >= least);
    await inParallel(wanted, READ_AT_ONCE, async ([subject]) => {
      const last = await this.#last(subject);
      if (last !== undefined) read(last);
    });
  }

  #last(subject: string): Promise<StoredMsg | undefined> {
    return readLast(this.#manager, streams.reconciliation, subject);
  }

  async #put<T extends { revision: number }>(
    subject: string,
    name: string,
    current: Stored<T> | undefined,
    wanted: Omit<T, Kept>,
  ): Promise<Stored<T> | undefined> {
    const writer = `${this.#nonce}-r${(++this.#writes).toString(36)}`;
    const revision = (current?.state.revision ?? 0) + 1;
    const event_id = `${name}:${revision}`;
    // `wanted` may be a whole state that was read before: what is kept by the store is its own in any case.
    const state = { ...wanted, v: 1, event_id, revision, writer } as unknown as T;
    const result = await publishFenced(this.#publisher, this.#manager, {
      stream: streams.reconciliation,
      subject,
      data: JSON.stringify(state),
      msgId: event_id,
      expectedSeq: current?.seq ?? 0,
      isMine: (last) => last.json<{ writer: string }>().writer === writer,
    });
    return result.won ? { state, seq: result.seq } : undefined;
  }
}
