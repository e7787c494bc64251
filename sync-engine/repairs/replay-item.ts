import type { CaseState } from '#contracts/v1/case.ts';
import { accepts } from '#contracts/v1/case-machine.ts';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { Replays } from '../cases/replays.ts';
import { Refusal } from '../refusal.ts';
import type { Documents } from '../documents.ts';
import { DoesNotApply } from './patch.ts';
import { changedSince, type Trial } from './trial.ts';

export interface ReplayItemOptions {
  cases: CaseStore;
  trial: Pick<Trial, 'repaired'>;
  replays: Pick<Replays, 'ask'>;
  documents: Pick<Documents, 'keepBytes'>;
  /** Why nobody is to replay the cases of a cause for now, if so. */
  onHold: (fingerprint: string) => string | undefined;
}

export type ItemOutcome = Pick<RepairItem, 'outcome' | 'message'>;

const outcome = (name: RepairItem['outcome'], message = ''): ItemOutcome => ({
  outcome: name,
  message: message.slice(0, 2000),
});

export const GONE = outcome('changed', 'The case is no longer kept.');

/** Tells one case to replay with a run's repair. Repeating it is harmless: the case knows which run told it. */
export async function replayItem(
  item: Pick<RepairItem, 'case_id' | 'case_revision'>,
  run: RepairRun,
  options: ReplayItemOptions,
): Promise<ItemOutcome> {
  const { cases, trial, documents, replays } = options;
  for (;;) {
    const current = await cases.get(item.case_id);
    if (current === undefined) return GONE;
    const { state } = current;
    if (state.repair_run === run.run_id) return outcomeOf(state, run);
    if (state.revision !== item.case_revision) return outcome('changed', changedSince(state));
    if (!accepts('replay_requested', state.status))
      return outcome('refused', `The case is ${state.status.replaceAll('_', ' ')}.`);
    // A run for one cause waits while that is on hold; in a list chosen by hand each case has its own.
    const held = run.fingerprint === '' ? options.onHold(state.fingerprint) : undefined;
    if (held !== undefined) return outcome('refused', `The cause is on hold: ${held}`);
    try {
      const repaired = await trial.repaired(state, run.repair);
      const version = state.payload_version + 1;
      // The document comes first: a case never names a payload that is not durable.
      const payload = repaired !== undefined && {
        version,
        document_seq: await documents.keepBytes(state.key, `received.${version}`, repaired),
      };
      const asked = await replays.ask(current, {
        by: run.started_by,
        note: run.reason,
        overrideStale: false,
        run: run.run_id,
        // Whoever wrote the repair wrote what it sends, whoever starts the run.
        ...(run.repair.kind === 'none' ? {} : { author: run.created_by }),
        ...(payload && { payload }),
      });
      if (asked !== undefined) return outcomeOf(asked, run);
    } catch (error) {
      if (error instanceof DoesNotApply) return outcome('not_cured', error.message);
      if (error instanceof Refusal) return outcome('refused', error.message);
      throw error;
    }
  }
}

/** What a case that a run has told to replay says of itself. */
export function outcomeOf(state: CaseState, run: Pick<RepairRun, 'run_id'>): ItemOutcome {
  if (state.status === 'resolved' || state.status === 'done_outside') return outcome('resolved');
  if (state.status === 'discarded') return outcome('changed', `Discarded meanwhile: ${state.outcome}`);
  // Replayed by somebody else since: what comes of that is theirs.
  if (state.repair_run !== run.run_id) return outcome('changed', changedSince(state));
  if (state.status === 'replaying') return outcome('replaying');
  if (state.status === 'awaiting_approval')
    return outcome('awaits_approval', 'It moves more money than one person may.');
  return outcome('failed_again', state.problems[0]?.message ?? '');
}
