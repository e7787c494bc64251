import type { ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { inParallel } from '#platform/in-parallel.ts';
import { breakId, type Compared, type Found } from './found.ts';
import type { BreakState, ReconciliationStore, Stored } from './store.ts';

/** Breaks written side by side. */
const AT_ONCE = 16;

interface RunOf {
  run_id: string;
  plan: string;
}

/** A run that a crash made look twice may see it otherwise the second time: that is the next run's to say. */
const hasWordOf = (run: RunOf, { last_run, actor }: ReconciliationBreak): boolean =>
  last_run === run.run_id || actor === run.run_id;

/**
 * What a run's finding makes of a break; undefined where it has this run's word already. Pure.
 * One that a person closed stays closed while the difference is the one that was explained; another one opens it again.
 */
export function afterFinding(
  current: ReconciliationBreak | undefined,
  found: Found,
  run: RunOf,
  at: string,
): BreakState | undefined {
  const seen = { at, actor: run.run_id, note: '', plan: run.plan, last_run: run.run_id, last_seen_at: at };
  if (current === undefined)
    return {
      ...found,
      ...seen,
      break_id: breakId(found),
      type: 'opened',
      status: 'open',
      first_run: run.run_id,
      first_seen_at: at,
      times_seen: 1,
      assignee: '',
      document_number: '',
      reason: '',
      closed_at: '',
    };
  if (hasWordOf(run, current)) return undefined;
  const again = { ...current, ...found, ...seen, times_seen: current.times_seen + 1 };
  const explained = current.status === 'closed' && current.difference === found.difference;
  if (current.status === 'open' || explained) return { ...again, type: 'seen' };
  return { ...again, type: 'reopened', status: 'open', document_number: '', reason: '', closed_at: '' };
}

/**
 * What a run that found both sides equal makes of a break that stood. One that a person closed heals as well: what was
 * explained is gone, and the same difference coming back is news. Pure.
 */
export function afterHealing(current: ReconciliationBreak, run: RunOf, at: string): BreakState | undefined {
  if (current.status === 'healed' || hasWordOf(run, current)) return undefined;
  return {
    ...current,
    type: 'healed',
    status: 'healed',
    at,
    actor: run.run_id,
    note: 'Both sides agree.',
    closed_at: current.closed_at === '' ? at : current.closed_at,
  };
}

/** Opens, confirms and heals breaks by what a run compared. Repeating it after a crash changes nothing more. */
export async function settleBreaks(
  compared: Compared,
  standing: readonly ReconciliationBreak[],
  run: RunOf,
  store: ReconciliationStore,
  now: () => Date,
): Promise<void> {
  await inParallel(compared.found, AT_ONCE, (found) =>
    change(store, breakId(found), (current) => afterFinding(current, found, run, now().toISOString())),
  );
  const healed = standing.filter((one) => one.last_run !== run.run_id && compared.agrees(one));
  await inParallel(healed, AT_ONCE, ({ break_id }) =>
    change(store, break_id, (current) =>
      current === undefined ? undefined : afterHealing(current, run, now().toISOString()),
    ),
  );
}

/** Applies a change however often somebody else is first. */
async function change(
  store: ReconciliationStore,
  id: string,
  decide: (current: ReconciliationBreak | undefined) => BreakState | undefined,
): Promise<void> {
  for (;;) {
    const current: Stored<ReconciliationBreak> | undefined = await store.break(id);
    const wanted = decide(current?.state);
    if (wanted === undefined) return;
    crashPoint('engine.break.before');
    const after = await store.putBreak(current, wanted);
    crashPoint('engine.break.after');
    if (after !== undefined) return;
  }
}
