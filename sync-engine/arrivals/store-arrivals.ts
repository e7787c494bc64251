import { createHash } from 'node:crypto';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StoreBatch } from '#contracts/v1/store.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { Documents } from '../documents.ts';
import { messageData, startMessage } from '../flows/message.ts';
import type { Runner } from '../flows/runner.ts';
import type { Signal } from '../flows/state.ts';
import { checkBatch } from '../flows/store/rules/check-batch.ts';
import { emptyStoreData, type StoreData, type StoreEnv } from '../flows/store/store-data.ts';
import { STORE_MESSAGE } from '../flows/store/store-flow.ts';
import type { MasterData } from '../master/master-data.ts';
import { ToldByOthers } from '../refusal.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';
import { beginDay, repeatedBatch } from './store-day.ts';
import type { StoreSequences } from './store-sequences.ts';

export interface StoreArrivalEnv {
  runner: Runner<StoreData, StoreEnv>;
  estate: Estate;
  documents: Pick<Documents, 'keep'>;
  master: Pick<MasterData, 'mapping' | 'product'>;
  sequences: StoreSequences;
}

/**
 * Batches of stores, each store's in their order. One behind a gap is held; when the gap does not close in time those
 * behind it go on, and the day it belongs to stays open for it.
 */
export class StoreArrivals implements ArrivalHandler<'store_batch'> {
  readonly means = ['store_batch'] as const;
  readonly #env: StoreArrivalEnv;
  /** The work under way for each store: this replica takes its batches one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(env: StoreArrivalEnv) {
    this.#env = env;
  }

  async apply(arrival: Arrival, topic: TopicOf<'store_batch'>, overdue: boolean): Promise<Applied> {
    const { estate, master, sequences } = this.#env;
    const { headers, body } = arrival;
    const system = headers['syncline-system'];
    const mapping: Parameters<typeof topic.read>[1]['mapping'] = (kind, code) =>
      master.mapping(kind, system, code)?.target;
    const read = topic.read(body, { estate, system, headers, mapping });
    const context = { estate, system, isProduct: (sku: string) => master.product(sku) !== undefined };
    // Where the sender's form is another, a place in the batch is one of what it was translated to.
    const document = topic.payload === undefined ? 'canonical' : 'received';
    const checked = (batch: StoreBatch) => checkBatch(batch, context).map((one) => ({ ...one, document }) as const);
    const problems = 'problems' in read ? read.problems : checked(read.message);
    if ('problems' in read || problems.length > 0) {
      const known = topic.number(body);
      if (known !== undefined && estate.locations.some(({ id }) => id === known.store))
        await sequences.settle(system, known.store, known.sequence);
      return { problems: atLeastOne(problems) };
    }
    const { store, sequence } = read.message;
    try {
      return await this.#inTurn(`${system} ${store}`, () => this.#take(arrival, read.message, overdue));
    } catch (error) {
      // The day is not ours, and the batches after it do not wait for this one.
      if (error instanceof ToldByOthers) await sequences.settle(system, store, sequence);
      throw error;
    }
  }

  setAside(arrival: Arrival): Promise<void> {
    return startMessage(this.#env.runner, STORE_MESSAGE, arrival, emptyStoreData(messageData(arrival)));
  }

  async #take(arrival: Arrival, batch: StoreBatch, overdue: boolean): Promise<Applied> {
    const { runner, estate, documents, sequences } = this.#env;
    const { store, sequence, business_date } = batch;
    const system = arrival.headers['syncline-system'];
    const progress = await sequences.of(system, store);
    const isNew = sequence > progress.sequence && !progress.beyond.includes(sequence);
    if (isNew && sequence > progress.sequence + 1 && !overdue) return 'early';
    const key = transactionKey(system, `${store}-${business_date}`);
    // What a store still keeps is another number whenever it sends a batch again.
    const digest = createHash('sha256')
      .update(JSON.stringify({ ...batch, backlog: 0 }))
      .digest('hex')
      .slice(0, 12);
    const id = `batch:${sequence}:${digest}`;
    const repeated = await repeatedBatch(runner, key, id, isNew ? undefined : arrival);
    if (repeated === 'other') return { problems: [reused(batch)] };
    if (repeated === 'same') {
      await sequences.settle(system, store, sequence);
      return isNew ? 'applied' : { superseded: 'This batch had been taken before; it changed nothing.' };
    }
    const document_seq = await documents.keep(key, `batch.${sequence}`, batch);
    const signal: Signal = {
      id,
      type: 'store_batch',
      system,
      at: batch.generated_at,
      intake_seq: arrival.seq,
      data: { sequence, document_seq },
    };
    let taken = await runner.signal(key, signal);
    if (taken === 'unknown') {
      await beginDay(runner, estate, key, arrival, batch);
      taken = await runner.signal(key, signal);
    }
    await sequences.settle(system, store, sequence);
    return taken === 'never' ? { problems: [dayIsClosed(batch)] } : 'applied';
  }

  async #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name);
    const turn = (async () => {
      await before;
      return work();
    })();
    const over = turn.catch(() => undefined);
    this.#turns.set(name, over);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === over) this.#turns.delete(name);
    }
  }
}

const reused = ({ store, sequence }: StoreBatch): CaseProblem => ({
  error_class: 'conflict',
  error_code: 'sequence_reused',
  path: '/sequence',
  document: 'received',
  message: `${store} has sent another batch ${sequence} before. Correct its number and replay, or discard this one.`,
});

const dayIsClosed = ({ store, business_date }: StoreBatch): CaseProblem => ({
  error_class: 'conflict',
  error_code: 'day_is_closed',
  path: '/business_date',
  document: 'received',
  message: `The day ${business_date} of ${store} is settled. Correct the date to an open day and replay, or discard this batch.`,
});
