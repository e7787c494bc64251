import { createHash } from 'node:crypto';
import type { CaseProblem, CaseState } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { withAuthors } from '#contracts/v1/second-person.ts';
import type { Flow } from '#contracts/v1/step-event.ts';
import type { CaseDesk, Failed } from '../flows/case-desk.ts';
import { fingerprintOf } from '../flows/fingerprint.ts';
import type { Head } from '../flows/state.ts';
import type { CaseChange, CaseStore } from './case-store.ts';

/** Cases of one transaction are numbered, so that opening one again after a crash finds the first. */
export function caseId(key: string, failures: number, step: string): string {
  return createHash('sha256').update(`${key}:${failures}:${step}`).digest('hex').slice(0, 20);
}

/** Opens, reopens and resolves cases for the flows. */
export function createCaseDesk(store: CaseStore, now: () => Date): CaseDesk {
  return {
    open: async (flow, head, failed, problems) => {
      const replaying = head.state.replaying;
      if (replaying !== undefined && (await reopen(store, replaying.case_id, head, failed, problems)))
        return replaying.case_id;
      const state = newCase(flow, head, failed, problems, now());
      if ((await store.create(state, problems[0].message)) === undefined)
        await renew(store, state, problems[0].message);
      return state.case_id;
    },
    resolve: async ({ case_id, outcome, status }) => {
      for (;;) {
        const current = await store.get(case_id);
        if (current === undefined || isClosed(current.state)) return;
        const patch = { status, outcome, closed_at: now().toISOString() };
        if ((await store.change(current, { type: status, actor: 'syncline', note: outcome, patch })) !== undefined)
          return;
      }
    },
  };
}

/**
 * A replay stopped at the step it was to get past, or on its way there: the case is open again, with what is wrong now.
 * False where it was closed.
 */
async function reopen(
  store: CaseStore,
  id: string,
  head: Head,
  failed: Failed,
  problems: readonly [CaseProblem, ...CaseProblem[]],
): Promise<boolean> {
  for (;;) {
    const current = await store.get(id);
    if (current === undefined || isClosed(current.state)) return false;
    // After a crash the same failure is reported again.
    if (current.state.status !== 'replaying') return true;
    const patch: NonNullable<CaseChange['patch']> = {
      status: 'open',
      step: failed.step,
      system: failed.system,
      problems: [...problems],
      times_failed: current.state.times_failed + 1,
      failed_ordinal: head.ordinal + 1,
      fingerprint: fingerprintOf(current.state.flow, failed.step, problems[0]),
      // It was for the failure before; what is replayed is asked no rule. Who saw it may still take it over.
      suggested_rule: undefined,
      ...withAuthors(current.state, ...(current.state.suggested_rule?.authors ?? [])),
    };
    if (
      (await store.change(current, { type: 'failed_again', actor: 'syncline', note: problems[0].message, patch })) !==
      undefined
    )
      return true;
  }
}

/**
 * The case is there already. Either the same failure is reported again after a crash, or the case was left behind by a
 * replica that never stopped the transaction with it: then it may be closed by now, and is about this failure from here
 * on.
 */
async function renew(store: CaseStore, state: CaseState, note: string): Promise<void> {
  for (;;) {
    const current = await store.get(state.case_id);
    if (current === undefined) throw new Error(`case ${state.case_id} is neither there nor could it be opened`);
    const closed = isClosed(current.state);
    if (!closed && current.state.failed_ordinal === state.failed_ordinal) return;
    const {
      problems,
      failed_ordinal,
      fingerprint: group,
      system,
      payload_version,
      authors = [],
      suggested_rule,
    } = state;
    const patch: NonNullable<CaseChange['patch']> = {
      problems,
      failed_ordinal,
      fingerprint: group,
      system,
      suggested_rule,
      times_failed: current.state.times_failed + 1,
      ...withAuthors(current.state, ...authors),
      ...(closed
        ? { status: 'open', payload_version, payload_seq: undefined, fixed_by: undefined, closed_at: '', outcome: '' }
        : {}),
    };
    if ((await store.change(current, { type: 'failed_again', actor: 'syncline', note, patch })) !== undefined) return;
  }
}

function newCase(
  flow: Flow,
  head: Head,
  failed: Failed,
  problems: readonly [CaseProblem, ...CaseProblem[]],
  now: Date,
): CaseState {
  const { state } = head;
  const at = now.toISOString();
  return {
    v: 1,
    case_id: caseId(head.key, state.failures, failed.step),
    status: 'open',
    revision: 1,
    flow,
    key: head.key,
    trace_id: state.trace_id,
    business_key: state.dimensions.business_key,
    step: failed.step,
    system: failed.system,
    channel: state.dimensions.channel,
    legal_entity: state.dimensions.legal_entity,
    fingerprint: fingerprintOf(flow, failed.step, problems[0]),
    problems: [...problems],
    amount: state.dimensions.amount,
    currency: state.dimensions.currency,
    deadline: state.deadline,
    origin: state.dimensions.origin,
    assignee: '',
    payload_version: Math.max(1, state.payload_version),
    ...(state.authors === undefined ? {} : { authors: state.authors }),
    ...(failed.suggested_rule === undefined ? {} : { suggested_rule: failed.suggested_rule }),
    failed_ordinal: head.ordinal + 1,
    times_failed: 1,
    opened_at: at,
    updated_at: at,
    closed_at: '',
    outcome: '',
  };
}
