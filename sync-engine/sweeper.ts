import { setTimeout as delay } from 'node:timers/promises';
import type { CaseState } from '#contracts/v1/case.ts';
import type { Log } from '#platform/log.ts';
import type { Standing } from './cases/abandoned.ts';
import type { CaseIndex } from './cases/case-index.ts';

const EVERY_MS = 5_000;
/** What changes a case also carries the change into its transaction within this; later it was cut off in between. */
const GRACE_MS = 15_000;

export interface SweepOptions {
  index: CaseIndex;
  /** Carries a replay into its transaction. */
  apply: (state: CaseState) => Promise<void>;
  /** Resolves a case that stops no transaction. */
  resolveAbandoned: (id: string) => Promise<Standing>;
  now: () => Date;
  log: Log;
  everyMs?: number;
  graceMs?: number;
}

/** Finishes what was cut off between a case and its transaction. To be run under a lease. */
export async function sweepCases(signal: AbortSignal, options: SweepOptions): Promise<void> {
  const { index, apply, resolveAbandoned, now, log, everyMs = EVERY_MS, graceMs = GRACE_MS } = options;
  // That a failure stops its transaction stays true until somebody acts on the case: it is asked once.
  let stopping = new Set<string>();
  while (!signal.aborted) {
    const still = new Set<string>();
    for (const state of [...index.open()]) {
      const failure = `${state.case_id}:${state.failed_ordinal}`;
      if (state.status !== 'replaying' && stopping.has(failure)) still.add(failure);
      else if (now().getTime() - Date.parse(state.updated_at) >= graceMs)
        try {
          if (state.status === 'replaying') await apply(state);
          else if ((await resolveAbandoned(state.case_id)) === 'stops') still.add(failure);
        } catch (error) {
          log.warn({ err: error, case_id: state.case_id }, 'a case could not be carried on');
        }
    }
    stopping = still;
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
