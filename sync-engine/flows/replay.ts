import { withAuthors } from '#contracts/v1/second-person.ts';
import type { StepRecord } from './transaction-log.ts';
import type { FlowState } from './state.ts';
import type { View } from './flow.ts';
import { OWN_SYSTEM, type Transition } from './transitions.ts';

export interface ReplayRequest {
  case_id: string;
  /** Revision of the case that asked: the same replay is applied once. */
  revision: number;
  by: string;
  payload_version: number;
  /** Who wrote something of what it sends. */
  authors?: readonly string[];
  /** One of many: its calls give way to those of live traffic from here on. */
  background?: boolean;
  /** Where the payload version lies, where it differs from the one in force. */
  received?: { document_seq: number };
  /** Steps that make the payload canonical and valid again, first first; run again before the step that failed. */
  rebuild?: readonly [string, ...string[]];
}

/**
 * The same transaction goes on from the step that failed, with the payload version of the case. Nothing where this
 * replay has been applied already.
 */
export function replayed<Data>(
  view: View<Data>,
  request: ReplayRequest,
): Transition<Data> | { refuse: string } | 'nothing' {
  const { state } = view;
  if (state.replaying?.case_id === request.case_id || wasApplied(state, request)) return 'nothing';
  if (state.blocked_by !== request.case_id) return { refuse: 'The transaction is not stopped by this case any more.' };
  const { destination, way } = wayBack(state, request.rebuild);
  const { blocked_by: _, background: __, ...rest } = withoutWay(state);
  return {
    record: record(view, currentStep(state), 'replayed', { by: request.by }, request.case_id),
    state: {
      ...rest,
      attempt: 0,
      ...(request.background === true ? { background: true as const } : {}),
      payload_version: request.payload_version,
      ...withAuthors(state, ...(request.authors ?? [])),
      replaying: { case_id: request.case_id, step: destination, revision: request.revision },
      replayed: { case_id: request.case_id, revision: request.revision },
      data: request.received === undefined ? view.data : { ...view.data, received: request.received },
      ...way,
    },
  };
}

/** Whoever finishes what a crash cut off may have looked at the case before its replay failed again. */
const wasApplied = ({ replayed: last }: FlowState, { case_id, revision }: ReplayRequest): boolean =>
  last?.case_id === case_id && revision <= last.revision;

export interface RuleRequest {
  rule_id: string;
  rule_version: number;
  /** Where the payload version lies that the rule made. */
  received: { document_seq: number };
  payload_version: number;
  /** Who wrote the rule. */
  authors: readonly string[];
  rebuild: readonly [string, ...string[]];
  /** What else is to be known of it. */
  attributes: Record<string, string>;
}

/** A step that tells of a rule's use, whatever flow it was used in. */
const RULE_APPLIED = 'repair_rule_applied';

/** A standing rule cured what would have stopped the transaction: it goes on like a replay, without a case. */
export function cured<Data>(view: View<Data>, request: RuleRequest): Transition<Data> {
  const { running: _, ...rest } = withoutWay(view.state);
  const { rule_id, rule_version, payload_version, received } = request;
  return {
    record: record(view, RULE_APPLIED, 'completed', {
      ...request.attributes,
      repair_rule: rule_id,
      rule_version: String(rule_version),
      payload_version: String(payload_version),
    }),
    state: {
      ...rest,
      attempt: 0,
      payload_version,
      ...withAuthors(view.state, ...request.authors),
      rules_applied: [...(view.state.rules_applied ?? []), rule_id],
      data: { ...view.data, received },
      ...wayBack(view.state, request.rebuild).way,
    },
  };
}

type Way = Pick<FlowState, 'resume_at' | 'resume_in_doubt' | 'may_exist'>;

const withoutWay = <Data>({ resume_at: _, resume_in_doubt: __, may_exist: ___, ...rest }: FlowState<Data>) => rest;

/**
 * Where a transaction goes on with another payload: at the first step of `rebuild`, and through those back to the step
 * that failed. What may have happened outside at that step stays known on the way.
 */
function wayBack(
  state: FlowState,
  wanted: readonly [string, ...string[]] | undefined,
): { destination: string; way: Way & { step?: string } } {
  const failed = currentStep(state);
  const rebuild = state.phase === 'forward' ? wanted : undefined;
  // Where an earlier replay stopped on its way, its destination stands.
  const destination = rebuild?.includes(failed) === true ? (state.resume_at ?? failed) : failed;
  const direct = rebuild === undefined || rebuild[0] === destination;
  const doubt = (destination === failed && state.may_exist === true) || state.resume_in_doubt === true;
  return {
    destination,
    way: {
      ...(rebuild === undefined ? {} : { step: rebuild[0] }),
      ...(direct ? {} : { resume_at: destination }),
      ...(!doubt ? {} : direct ? { may_exist: true } : { resume_in_doubt: true as const }),
    },
  };
}

/** The step was done by hand outside: the flow goes on after it with what the look-up found. */
export function doneOutside<Data>(
  view: View<Data>,
  request: { case_id: string; by: string; document_number: string },
  passed: Transition<Data>,
): Transition<Data> | { refuse: string } {
  const { state } = view;
  if (state.blocked_by !== request.case_id) return { refuse: 'The transaction is not stopped by this case any more.' };
  const { blocked_by: _, ...rest } = passed.state;
  return {
    record: {
      ...passed.record,
      case_id: request.case_id,
      attributes: {
        ...passed.record.attributes,
        done_outside: 'true',
        by: request.by,
        document_number: request.document_number,
      },
    },
    state: {
      ...rest,
      resolving: {
        case_id: request.case_id,
        outcome: `Done outside by ${request.by}: ${request.document_number}.`,
        status: 'done_outside',
      },
    },
  };
}

/** A person gives the transaction up: it stays where it stopped, blocked by a case that is closed. */
export function discarded<Data>(
  view: View<Data>,
  request: { case_id: string; by: string; reason: string },
): Transition<Data> | { refuse: string } {
  const { state } = view;
  if (state.blocked_by !== request.case_id) return { refuse: 'The transaction is not stopped by this case any more.' };
  return {
    record: record(view, currentStep(state), 'skipped', { by: request.by, reason: request.reason }, request.case_id),
    state,
  };
}

/** A discarded case is taken up again. */
export function restored<Data>(
  view: View<Data>,
  request: { case_id: string; by: string },
): Transition<Data> | { refuse: string } {
  const { state } = view;
  if (state.blocked_by !== request.case_id)
    return { refuse: 'The order has gone on since; there is nothing to restore.' };
  return {
    record: record(view, currentStep(state), 'quarantined', { by: request.by, restored: 'true' }, request.case_id),
    state,
  };
}

/** The step a transaction is at: going forward, the cursor; going back, the effect to be undone next. */
export const currentStep = (state: FlowState): string =>
  state.phase === 'compensating' ? (state.effects.at(-1) ?? state.step) : state.step;

function record(
  view: View<unknown>,
  step: string,
  status: StepRecord['status'],
  attributes: Record<string, string>,
  caseId = '',
): StepRecord {
  const now = view.now.toISOString();
  return {
    step,
    status,
    attempt: 1,
    system: OWN_SYSTEM,
    direction: 'internal',
    started_at: now,
    ended_at: now,
    case_id: caseId,
    attributes,
  };
}
