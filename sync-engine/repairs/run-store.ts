import type { JetStreamClient, JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { inParallel } from '#platform/in-parallel.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { publishFenced, readLast } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';

export interface StoredRun {
  run: RepairRun;
  seq: number;
}

export interface StoredItem {
  item: RepairItem;
  seq: number;
}

type NewItem = Omit<RepairItem, 'v' | 'event_id' | 'revision' | 'at'>;

export interface RunStoreOptions {
  publisher: Publisher;
  js: JetStreamClient;
  manager: JetStreamManager;
  /** Names this process among the writers. */
  nonce: string;
  now: () => Date;
}

/** Items of a new list on their way at once: ten thousand are written within a few seconds. */
const AT_ONCE = 500;

/** Repair runs and their items, each on a subject of its own with its state in the last message. */
export class RunStore {
  readonly #options: RunStoreOptions;
  #writes = 0;

  constructor(options: RunStoreOptions) {
    this.#options = options;
  }

  /** The run as it is now, asked of the leader. */
  async get(id: string): Promise<StoredRun | undefined> {
    const last = await readLast(this.#options.manager, streams.repairs, subjects.repairRun(id));
    return last === undefined ? undefined : { run: last.json<RepairRun>(), seq: last.seq };
  }

  /**
   * The run first, in `listing`, then its list, then what the run is with it: no item is ever without its run, and a run
   * that has left `listing` has its whole list.
   * @returns undefined where the run was given up meanwhile, as one whose making was cut off.
   */
  async create(
    { status, counts, ...run }: Omit<RepairRun, 'v' | 'event_id' | 'revision' | 'updated_at' | 'writer'>,
    items: readonly NewItem[],
  ): Promise<RepairRun | undefined> {
    const begun = await this.#append(undefined, { ...run, status: 'listing', counts: {}, revision: 0 });
    if (begun === undefined) throw new Error(`there is a repair run ${run.run_id} already`);
    await inParallel(items, AT_ONCE, async (item) => {
      await this.putItem({ item: { ...item, revision: 0 }, seq: 0 }, {});
    });
    return (await this.change(begun, { status, counts }))?.run;
  }

  /** Changes the run on top of `current`. @returns undefined where somebody else was first. */
  change(current: StoredRun, patch: Partial<RepairRun>): Promise<StoredRun | undefined> {
    return this.#append(current, { ...current.run, ...patch, revision: current.run.revision });
  }

  /**
   * Writes what became of an item.
   * @returns undefined where another writer has been at it: this one has lost its lease and must stop.
   */
  async putItem(
    current: { item: NewItem & { revision: number }; seq: number },
    patch: Partial<Pick<RepairItem, 'outcome' | 'message' | 'systems'>>,
  ): Promise<StoredItem | undefined> {
    const { publisher, manager, now } = this.#options;
    const revision = current.item.revision + 1;
    const outcome = patch.outcome ?? current.item.outcome;
    const item: RepairItem = {
      ...current.item,
      ...patch,
      v: 1,
      event_id: `${current.item.run_id}:${current.item.case_id}:${revision}`,
      revision,
      at: now().toISOString(),
    };
    crashPoint('engine.repair.item.before');
    const result = await publishFenced(publisher, manager, {
      stream: streams.repairs,
      subject: subjects.repairItem(item.run_id, item.case_id),
      data: JSON.stringify(item),
      msgId: item.event_id,
      expectedSeq: current.seq,
      // Whoever wrote the same outcome wrote the same.
      isMine: (last) => last.json<RepairItem>().revision === revision && last.json<RepairItem>().outcome === outcome,
    });
    crashPoint('engine.repair.item.after');
    return result.won ? { item, seq: result.seq } : undefined;
  }

  /** Every item of a run as it stands, in the order of their turns. */
  async items(id: string): Promise<StoredItem[]> {
    const messages = await readLastPerSubject(this.#options.js, streams.repairs, subjects.repairItems(id));
    // A subject that changed while it was read comes twice, the newer one last.
    const latest = new Map(
      messages.map((message) => [message.subject, { item: message.json<RepairItem>(), seq: message.seq }]),
    );
    return [...latest.values()].sort((a, b) => a.item.position - b.item.position);
  }

  async #append(
    current: StoredRun | undefined,
    state: Omit<RepairRun, 'v' | 'event_id' | 'updated_at' | 'writer'>,
  ): Promise<StoredRun | undefined> {
    const { publisher, manager, nonce, now } = this.#options;
    const revision = state.revision + 1;
    const writer = `${nonce}-r${(++this.#writes).toString(36)}`;
    const run: RepairRun = {
      ...state,
      v: 1,
      event_id: `${state.run_id}:${revision}`,
      revision,
      updated_at: now().toISOString(),
      writer,
    };
    crashPoint('engine.repair.run.before');
    const result = await publishFenced(publisher, manager, {
      stream: streams.repairs,
      subject: subjects.repairRun(state.run_id),
      data: JSON.stringify(run),
      msgId: run.event_id,
      expectedSeq: current?.seq ?? 0,
      isMine: (last: StoredMsg) => last.json<RepairRun>().writer === writer,
    });
    crashPoint('engine.repair.run.after');
    return result.won ? { run, seq: result.seq } : undefined;
  }
}
