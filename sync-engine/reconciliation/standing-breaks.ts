import type { ReconciliationBreak } from '#contracts/v1/reconciliation.ts';

/**
 * Breaks whose sides differed when they were last compared: every open one, and of those that a person closed what was seen or
 * closed within `keptMs`. A run that finds both sides equal heals those too; what we did longer ago no run can see any more.
 */
export class StandingBreaks {
  readonly #open = new Map<string, ReconciliationBreak>();
  /** What was heard of longest ago comes first. */
  readonly #closed = new Map<string, ReconciliationBreak>();
  readonly #keptMs: number;
  readonly #now: () => Date;

  constructor(keptMs: number, now: () => Date) {
    this.#keptMs = keptMs;
    this.#now = now;
  }

  get size(): number {
    return this.#open.size + this.#closed.size;
  }

  hear(one: ReconciliationBreak): void {
    this.#open.delete(one.break_id);
    this.#closed.delete(one.break_id);
    if (one.status === 'open') this.#open.set(one.break_id, one);
    if (one.status === 'closed') this.#closed.set(one.break_id, one);
    for (const [id, { at }] of this.#closed) {
      if (this.#now().getTime() - Date.parse(at) < this.#keptMs) break;
      this.#closed.delete(id);
    }
  }

  of(plan: string): ReconciliationBreak[] {
    return [...this.#open.values(), ...this.#closed.values()].filter((one) => one.plan === plan);
  }
}
