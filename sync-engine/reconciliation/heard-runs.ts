import type { ReconciliationRun } from '#contracts/v1/reconciliation.ts';

export const isActive = ({ status }: Pick<ReconciliationRun, 'status'>): boolean =>
  status === 'queued' || status === 'running';

/** The runs that have not ended, and of each plan how far those that have took it. */
export class HeardRuns {
  readonly #active = new Map<string, ReconciliationRun>();
  readonly #lastDue = new Map<string, Date>();
  readonly #covered = new Map<string, Date>();

  hear(run: ReconciliationRun): void {
    if (isActive(run)) this.#active.set(run.run_id, run);
    else this.#active.delete(run.run_id);
    if (run.requested_by === 'schedule') keepLatest(this.#lastDue, run.plan, run.due_at);
    if (run.status === 'done') keepLatest(this.#covered, run.plan, run.to);
  }

  /** The one that was asked for first of those that have not ended. */
  next(): string | undefined {
    return [...this.#active.values()].sort((a, b) => (a.requested_at < b.requested_at ? -1 : 1))[0]?.run_id;
  }

  active(plan: string): ReconciliationRun | undefined {
    return [...this.#active.values()].find((run) => run.plan === plan);
  }

  lastDue(plan: string): Date | undefined {
    return this.#lastDue.get(plan);
  }

  covered(plan: string): Date | undefined {
    return this.#covered.get(plan);
  }

  /** It has not ended, or says how far its plan is: whoever starts anew must hear of it. */
  isNeeded(run: ReconciliationRun): boolean {
    const isLatest = (at: string, latest: Date | undefined) => Date.parse(at) === latest?.getTime();
    return isActive(run) || isLatest(run.due_at, this.lastDue(run.plan)) || isLatest(run.to, this.covered(run.plan));
  }
}

function keepLatest(latest: Map<string, Date>, plan: string, text: string): void {
  const at = new Date(text);
  const before = latest.get(plan);
  if (before === undefined || before < at) latest.set(plan, at);
}
