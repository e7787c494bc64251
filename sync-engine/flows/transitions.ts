import type { CaseProblem } from '#contracts/v1/case.ts';
import type { ConnectorErrorDetail } from '../connectors/connector.ts';
import type { Attempt, Passed, Step, View } from './flow.ts';
import type { FlowState, Signal } from './state.ts';
import type { StepRecord } from './transaction-log.ts';

/** One event and the checkpoint it leaves. */
export interface Transition<Data> {
  record: StepRecord;
  state: FlowState<Data>;
}

/** System of steps that the engine does by itself. */
export const OWN_SYSTEM = 'syncline';

export function timing(view: View<unknown>, attempt: Attempt) {
  return {
    attempt: Math.max(1, view.state.attempt),
    started_at: attempt.startedAt.toISOString(),
    ended_at: view.now.toISOString(),
    ...(attempt.spanId === undefined ? {} : { span_id: attempt.spanId }),
  };
}

export function settled<Data>(state: FlowState<Data>): FlowState<Data> {
  const { running: _, may_exist: __, ...rest } = state;
  return { ...rest, attempt: 0 };
}

const canUndo = <Data, Env>(step: Step<Data, Env>) => step.kind !== 'wait' && step.undo !== undefined;

/** A step came to an end and the flow goes on. */
function passed<Data, Env>(
  view: View<Data>,
  step: Step<Data, Env>,
  outcome: Passed<Data>,
  attempt: Attempt,
): Transition<Data> {
  const { replaying, resolving: _, ...base } = settled(view.state);
  const merged: FlowState<Data> = {
    ...base,
    data: { ...view.data, ...outcome.data },
    dimensions: { ...view.state.dimensions, ...outcome.dimensions },
    sla_class: outcome.slaClass ?? base.sla_class,
    labels: { ...base.labels, ...outcome.labels },
    ...withPassedOver(base, outcome),
    effects:
      canUndo(step) && outcome.status === 'completed' ? [...new Set([...base.effects, step.name])] : base.effects,
  };
  const next = outcome.finish === true ? step.name : step.next({ ...view, state: merged, data: merged.data });
  const { resume_at, resume_in_doubt, ...advanced } = merged;
  const state: FlowState<Data> = {
    ...advanced,
    step: next,
    phase: outcome.finish === true ? 'finished' : merged.phase,
    ...(resume_at === undefined || resume_at === next || outcome.finish === true
      ? {}
      : { resume_at, ...(resume_in_doubt === true ? { resume_in_doubt } : {}) }),
    ...(resume_at === next && resume_in_doubt === true ? { may_exist: true } : {}),
    ...resolution(replaying, step.name, outcome.finish === true),
  };
  return {
    record: {
      ...timing(view, attempt),
      step: step.name,
      status: outcome.status,
      system: attempt.system ?? attempt.signal?.system ?? OWN_SYSTEM,
      direction: step.kind === 'call' ? 'outbound' : step.kind === 'wait' ? 'inbound' : 'internal',
      ...(outcome.endedAt === undefined
        ? {}
        : { ended_at: outcome.endedAt, started_at: earlier(attempt, outcome.endedAt) }),
      ...(outcome.location === undefined ? {} : { location: outcome.location }),
      ...(outcome.amount === undefined ? {} : { amount: outcome.amount }),
      ...(outcome.currency === undefined ? {} : { currency: outcome.currency }),
      ...(replaying === undefined ? {} : { case_id: replaying.case_id }),
      attributes: { ...attempt.attributes, ...outcome.attributes },
    },
    state,
  };
}

/** A system is named once, however many calls to it were passed over. */
export const withPassedOver = (
  { passed_over = [] }: Pick<FlowState, 'passed_over'>,
  { passedOver }: Pick<Passed<unknown>, 'passedOver'>,
): Pick<FlowState, 'passed_over'> =>
  passedOver === undefined ? {} : { passed_over: [...new Set([...passed_over, passedOver])] };

const earlier = (attempt: Attempt, endedAt: string) =>
  attempt.startedAt.toISOString() < endedAt ? attempt.startedAt.toISOString() : endedAt;

/** The case under replay is resolved once its step is passed, or can no longer be come to. */
export function resolution(
  replaying: FlowState['replaying'],
  step: string,
  finished = false,
): Pick<FlowState, 'replaying' | 'resolving'> {
  if (replaying === undefined) return {};
  if (replaying.step !== step && !finished) return { replaying };
  const outcome = replaying.step === step ? `The flow got past ${step}.` : `The transaction ended at ${step}.`;
  return { resolving: { case_id: replaying.case_id, outcome, status: 'resolved' } };
}

/** A step cannot go on without a person. */
function quarantined<Data, Env>(
  view: View<Data>,
  step: Step<Data, Env>,
  problems: readonly [CaseProblem, ...CaseProblem[]],
  caseId: string,
  attempt: Attempt,
): Transition<Data> {
  const { replaying: _, running: __, ...state } = view.state;
  return {
    record: {
      ...timing(view, attempt),
      step: step.name,
      status: 'quarantined',
      system: attempt.system ?? OWN_SYSTEM,
      direction: step.kind === 'call' ? 'outbound' : 'internal',
      error_class: problems[0].error_class,
      error_code: problems[0].error_code,
      error_path: problems[0].path,
      error_message: problems[0].message,
      case_id: caseId,
      attributes: { ...attempt.attributes, problems: String(problems.length) },
    },
    state: { ...state, attempt: 0, failures: state.failures + 1, blocked_by: caseId },
  };
}

/** An attempt at a call begins; whoever reads this knows that the effect may have happened. */
function started<Data>(
  view: View<Data>,
  stepName: string,
  system: string,
  writer: string,
  spanId: string,
  attributes: Record<string, string>,
): Transition<Data> {
  const at = view.now.toISOString();
  const attempt = view.state.attempt + 1;
  const doubt = view.state.may_exist === true ? { in_doubt: true as const } : {};
  return {
    record: {
      step: stepName,
      status: 'started',
      attempt,
      system,
      direction: 'outbound',
      started_at: at,
      ended_at: '',
      span_id: spanId,
      attributes,
    },
    state: { ...view.state, attempt, may_exist: true, running: { writer, span_id: spanId, started_at: at, ...doubt } },
  };
}

/** An attempt failed and there will be another. */
function retrying<Data>(
  view: View<Data>,
  stepName: string,
  system: string,
  error: ConnectorErrorDetail,
  retryAt: Date,
  attempt: Attempt,
): Transition<Data> {
  return {
    record: {
      ...timing(view, attempt),
      step: stepName,
      status: 'retrying',
      system,
      direction: 'outbound',
      error_class: error.errorClass,
      error_code: error.code,
      error_path: error.path ?? '',
      error_message: error.message,
      attributes: { ...attempt.attributes, retry_at: retryAt.toISOString() },
    },
    state: afterFailure(view.state, error),
  };
}

/**
 * The attempt is over; whether its effect may exist stays known. That this attempt certainly had none says nothing of
 * the one before it.
 */
export function afterFailure<Data>(
  state: FlowState<Data>,
  error: Pick<ConnectorErrorDetail, 'mayHaveHappened'>,
): FlowState<Data> {
  const { running, may_exist: _, ...rest } = state;
  return error.mayHaveHappened || running?.in_doubt === true ? { ...rest, may_exist: true } : rest;
}

/** A signal arrived and waits for its step. */
function signalled<Data>(view: View<Data>, signal: Signal): Transition<Data> {
  return {
    record: {
      step: `${signal.type}_received`,
      status: 'completed',
      attempt: 1,
      system: signal.system,
      direction: signal.intake_seq === 0 ? 'internal' : 'inbound',
      started_at: view.now.toISOString(),
      ended_at: view.now.toISOString(),
      attributes: {
        signal: signal.id,
        happened_at: signal.at,
        ...(signal.intake_seq === 0 ? {} : { intake_seq: String(signal.intake_seq) }),
      },
    },
    state: { ...view.state, inbox: [...view.state.inbox, signal], signals: [...view.state.signals, signal.id] },
  };
}

export const transitions = { passed, quarantined, started, retrying, signalled };
