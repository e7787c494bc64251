import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { countOutcomes, isUnderWay } from './ramp.ts';
import type { RunStore, StoredItem, StoredRun } from './run-store.ts';

/** Progress is written at most this often. */
const PROGRESS_MS = 500;

/** Somebody else writes this run: the lease was lost. */
export class Superseded extends Error {}

/** A run and its items as they were last read or written; every outcome is durable before it counts here. */
export class RunLedger {
  readonly #store: RunStore;
  readonly #id: string;
  readonly #items = new Map<string, StoredItem>();
  readonly #caseOfKey = new Map<string, string>();
  #stored: StoredRun | undefined;
  #stale = false;
  #reported = 0;
  #reporting: Promise<void> = Promise.resolve();

  constructor(id: string, store: RunStore) {
    this.#id = id;
    this.#store = store;
  }

  /** Ends a run whose list never became whole with as much of it as there is. */
  async giveUpListing(message: string): Promise<void> {
    const { length: items } = await this.#store.items(this.#id);
    await this.report({ status: 'aborted', message, items, counts: { pending: items } });
  }

  /** @throws Error where items are missing that the run has; those of a run long past are taken out altogether. */
  async open(): Promise<void> {
    for (const stored of await this.#store.items(this.#id)) {
      this.#items.set(stored.item.case_id, stored);
      this.#caseOfKey.set(stored.item.key, stored.item.case_id);
    }
    const { items, status } = await this.reload();
    const found = this.#items.size;
    if (found > 0 && found < items) throw new Error(`only ${found} of ${items} items could be read`);
    if (found > 0 || items === 0 || status === 'aborted') return;
    const message = 'Which cases it was to repair is no longer kept.';
    await this.report({ status: 'aborted', message, counts: { left_out: items } });
  }

  get run(): RepairRun {
    if (this.#stored === undefined) throw new Error('the run has not been read yet');
    return this.#stored.run;
  }

  /** Others have changed the run since: it is read again before its status counts. @returns false where that is known. */
  heard(run: RepairRun): boolean {
    if (run.revision <= (this.#stored?.run.revision ?? 0)) return false;
    this.#stale = true;
    return true;
  }

  get isStale(): boolean {
    return this.#stale;
  }

  async status(): Promise<RepairRun['status']> {
    return (this.#stale ? await this.reload() : this.run).status;
  }

  /** The run as its leader has it. */
  async reload(): Promise<RepairRun> {
    this.#stale = false;
    const now = await this.#store.get(this.#id);
    if (now === undefined) throw new Superseded();
    this.#stored = now;
    return now.run;
  }

  get size(): number {
    return this.#items.size;
  }

  item(caseId: string): StoredItem | undefined {
    return this.#items.get(caseId);
  }

  itemOfKey(key: string): StoredItem | undefined {
    const caseId = this.#caseOfKey.get(key);
    return caseId === undefined ? undefined : this.#items.get(caseId);
  }

  /** Items whose outcome is so, in the order of their turns. */
  where(matches: (item: RepairItem) => boolean): StoredItem[] {
    return [...this.#items.values()].filter(({ item }) => matches(item));
  }

  underWay(): StoredItem[] {
    return this.where(isUnderWay);
  }

  /** @throws Superseded where another writer has been at it. */
  async put(stored: StoredItem, patch: Partial<Pick<RepairItem, 'outcome' | 'message' | 'systems'>>): Promise<void> {
    const next = await this.#store.putItem(stored, patch);
    if (next === undefined) throw new Superseded();
    this.#items.set(next.item.case_id, next);
  }

  async progress(): Promise<void> {
    const now = performance.now();
    if (now - this.#reported < PROGRESS_MS) return;
    this.#reported = now;
    await this.report({});
  }

  /** Writes the run where it differs, one report after the other. */
  report(patch: Partial<RepairRun>): Promise<void> {
    const reporting = this.#reporting.then(() => this.#write(patch));
    this.#reporting = reporting.catch(() => undefined);
    return reporting;
  }

  /** A command that was first is taken over, and wins. */
  async #write(patch: Partial<RepairRun>): Promise<void> {
    const { run } = this;
    const after = { counts: countOutcomes(this.where(() => true).map(({ item }) => item)), ...patch };
    const same = Object.entries(after).every(
      ([name, value]) => JSON.stringify(run[name as keyof RepairRun]) === JSON.stringify(value),
    );
    if (same || this.#stored === undefined) return;
    const changed = await this.#store.change(this.#stored, after);
    if (changed !== undefined) this.#stored = changed;
    else await this.reload();
  }
}
