import type { CaseState } from '#contracts/v1/case.ts';
import type { Head } from '../flows/state.ts';
import { currentStep } from '../flows/replay.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import { caseId } from './case-desk.ts';
import type { CaseStore } from './case-store.ts';

/** `stops`: its transaction stands because of it. `unsure`: that is not settled yet. */
export type Standing = 'stops' | 'abandoned' | 'unsure';

/**
 * What an open case means to its transaction. A case is durable before the event that stops the transaction, so a
 * replica that dies or loses a race in between leaves one behind. It is abandoned once that event can no longer come,
 * the fence being behind it, and the transaction is past the failure that the case is named after.
 */
export function standingOf(state: CaseState, head: Head | undefined): Standing {
  if (head === undefined) return 'unsure';
  const { blocked_by, replaying, resolving, failures } = head.state;
  if (blocked_by === state.case_id) return 'stops';
  if (replaying?.case_id === state.case_id || resolving?.case_id === state.case_id) return 'unsure';
  if (head.ordinal < state.failed_ordinal) return 'unsure';
  const mayComeYet = head.state.phase !== 'finished' && caseId(head.key, failures, currentStep(head.state));
  return mayComeYet === state.case_id ? 'unsure' : 'abandoned';
}

/** Resolves a case that its transaction does not know of. Whoever changed the case meanwhile is right. */
export async function resolveAbandoned(
  id: string,
  { cases, log, now }: { cases: CaseStore; log: TransactionLog; now: () => Date },
): Promise<Standing> {
  // The case is read first: one that is opened anew after that is another revision, and this change is refused.
  const current = await cases.get(id);
  if (current === undefined) return 'unsure';
  const { flow, key } = current.state;
  const standing = standingOf(current.state, await log.reload(flow, key));
  if (standing !== 'abandoned') return standing;
  const outcome = 'Another attempt got past this step meanwhile.';
  const patch = { status: 'resolved', outcome, closed_at: now().toISOString() } as const;
  await cases.change(current, { type: 'resolved', actor: 'syncline', note: outcome, patch });
  return standing;
}
