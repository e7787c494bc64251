import type { CaseState } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import type { RepairItem } from '#contracts/v1/repair.ts';
import type { CaseIndex } from '../cases/case-index.ts';
import type { CaseStore } from '../cases/case-store.ts';
import { isUnderWay } from './ramp.ts';
import { GONE, type ItemOutcome, outcomeOf } from './replay-item.ts';
import type { RunLedger } from './run-ledger.ts';

export interface RunNewsOptions {
  cases: CaseStore;
  index: CaseIndex;
  /** Why somebody keeps a transaction where it is, if they do: its case says nothing of it. */
  heldBecause: (transaction: Pick<CaseState, 'flow' | 'key'>) => Promise<string | undefined>;
}

/** What becomes of the cases of a run, as they themselves and those that open after them on the same transactions say. */
export class RunNews {
  readonly #options: RunNewsOptions;
  readonly #ledger: RunLedger;
  /** Cases of the run that are to be looked at. */
  readonly #due = new Set<string>();
  /** By the case that was passed: where its transaction stopped after that. */
  readonly #later = new Map<string, CaseState>();

  constructor(ledger: RunLedger, options: RunNewsOptions) {
    this.#ledger = ledger;
    this.#options = options;
  }

  /** To be called once the ledger is open. @param wake is told that there is something to hear. @returns how to stop. */
  listen(wake: () => void): () => void {
    const { index } = this.#options;
    const stop = index.onChange((state) => {
      if (this.#notice(state)) wake();
    });
    // What was under way when a predecessor stopped may have ended unheard.
    this.lookAgain();
    for (const state of index.open()) this.#notice(state);
    return stop;
  }

  get isDue(): boolean {
    return this.#due.size > 0;
  }

  /** What is under way is to be looked at although nobody said that it changed. */
  lookAgain(): void {
    for (const { item } of this.#ledger.underWay()) this.#due.add(item.case_id);
  }

  #notice(state: CaseState): boolean {
    const own = this.#ledger.item(state.case_id);
    const passed = own ?? this.#ledger.itemOfKey(state.key);
    if (passed === undefined) return false;
    if (own === undefined) {
      if (isClosed(state) || state.opened_at < this.#ledger.run.created_at) return false;
      this.#later.set(passed.item.case_id, state);
    }
    this.#due.add(passed.item.case_id);
    return true;
  }

  /** Writes down what has become of the cases that are said to have changed. */
  async hear(): Promise<void> {
    const ids = [...this.#due];
    this.#due.clear();
    for (const id of ids) {
      const stored = this.#ledger.item(id);
      if (stored === undefined) continue;
      const now = this.#stoppedLater(id, isUnderWay(stored.item) ? await this.#outcomeOf(id) : stored.item);
      if (now.outcome !== stored.item.outcome) await this.#ledger.put(stored, now);
    }
  }

  async #outcomeOf(id: string): Promise<ItemOutcome> {
    const { cases, heldBecause } = this.#options;
    const current = await cases.get(id);
    if (current === undefined) return GONE;
    const now = outcomeOf(current.state, this.#ledger.run);
    const held = now.outcome === 'replaying' ? await heldBecause(current.state) : undefined;
    return held === undefined ? now : { outcome: 'held', message: `The order is on hold: ${held}`.slice(0, 2000) };
  }

  #stoppedLater(id: string, now: Pick<RepairItem, 'outcome' | 'message'>): ItemOutcome {
    const later = this.#later.get(id);
    if (now.outcome !== 'resolved' || later === undefined) return { outcome: now.outcome, message: now.message };
    const message = `Went on, and stopped again at ${later.step}: ${later.problems[0]?.message ?? ''}`;
    return { outcome: 'stopped_later', message: message.slice(0, 2000) };
  }
}
