import type { Attempt, Flow, Interrupt, Passed, Step, View } from './flow.ts';
import type { FlowState } from './state.ts';
import type { StepRecord } from './transaction-log.ts';
import { OWN_SYSTEM, resolution, settled, timing, type Transition, withPassedOver } from './transitions.ts';

/** The steps whose effects remain, last first. */
export function compensationOf<Data, Env>(flow: Flow<Data, Env>, state: FlowState<Data>): Step<Data, Env> | undefined {
  const name = state.effects.at(-1);
  return name === undefined ? undefined : flow.steps.get(name);
}

/** The steps that can be undone and may have had their effect without anybody having recorded it. */
export function attempted<Data, Env>(flow: Flow<Data, Env>, state: FlowState<Data>): string[] {
  const undoable = (name: string) => {
    const step = flow.steps.get(name);
    return step === undefined || step.kind === 'wait' || step.undo === undefined ? undefined : step;
  };
  const present = undoable(state.step);
  const found = present?.kind === 'inline' || state.may_exist === true ? [present] : [];
  // On the way back to a step that failed in doubt, that one may have had its effect.
  if (state.resume_at !== undefined && state.resume_in_doubt === true) found.push(undoable(state.resume_at));
  return found.flatMap((step) => (step === undefined ? [] : [step.name]));
}

/**
 * A cancellation is accepted, and compensation begins, or refused, and the flow goes on. `undone` names the step
 * whose effect may be there although its completion was never recorded: it is undone too.
 */
function interrupt<Data>(view: View<Data>, decision: Interrupt, undone: readonly string[]): Transition<Data> {
  const { blocked_by, held: _, replaying, resume_at: __, resume_in_doubt: ___, may_exist: ____, ...rest } = view.state;
  const caseId = blocked_by ?? replaying?.case_id;
  const inbox = rest.inbox.filter((signal) => signal.id !== decision.signal.id);
  const record: StepRecord = {
    step: 'cancel_requested',
    status: decision.accept ? 'completed' : 'superseded',
    attempt: 1,
    system: decision.signal.system,
    direction: 'inbound',
    started_at: view.now.toISOString(),
    ended_at: view.now.toISOString(),
    attributes: { reason: decision.reason },
  };
  if (!decision.accept) return { record, state: { ...view.state, inbox } };
  return {
    record,
    state: {
      ...rest,
      inbox,
      phase: 'compensating',
      effects: [...new Set([...rest.effects, ...undone])],
      cancellation: { by: decision.signal.system, reason: decision.reason },
      attempt: 0,
      ...(caseId === undefined
        ? {}
        : {
            resolving: {
              case_id: caseId,
              outcome: 'The order was cancelled; nothing is left to correct.',
              status: 'resolved',
            },
          }),
    },
  };
}

/** The effect of a step was undone. */
function compensated<Data>(
  view: View<Data>,
  stepName: string,
  system: string,
  outcome: Passed<Data>,
  attempt: Attempt,
): Transition<Data> {
  const { replaying, resolving: _, ...state } = settled(view.state);
  return {
    record: {
      ...timing(view, attempt),
      step: stepName,
      status: outcome.status === 'completed' ? 'compensated' : outcome.status,
      system,
      direction: system === OWN_SYSTEM ? 'internal' : 'outbound',
      attributes: { ...attempt.attributes, ...outcome.attributes, compensates: stepName },
    },
    state: {
      ...state,
      data: { ...view.data, ...outcome.data },
      ...withPassedOver(state, outcome),
      effects: outcome.again === true ? state.effects : state.effects.filter((name) => name !== stepName),
      ...(outcome.again === true ? (replaying === undefined ? {} : { replaying }) : resolution(replaying, stepName)),
    },
  };
}

/** Too late to undo: the flow goes on where it was. */
function compensationRefused<Data>(
  view: View<Data>,
  stepName: string,
  system: string,
  { attributes, data, goOnAt }: Passed<Data>,
  attempt: Attempt,
): Transition<Data> {
  const { replaying, resolving: _, ...state } = settled(view.state);
  return {
    record: {
      ...timing(view, attempt),
      step: stepName,
      status: 'superseded',
      system,
      direction: 'outbound',
      attributes: { ...attempt.attributes, ...attributes },
    },
    state: {
      ...state,
      phase: 'forward',
      data: { ...view.data, ...data },
      ...(goOnAt === undefined ? {} : { step: goOnAt }),
      ...(goOnAt === undefined && stepName === state.step ? { may_exist: true } : {}),
      ...resolution(replaying, stepName),
    },
  };
}

/** Everything is undone. */
function cancelled<Data>(view: View<Data>, stepName: string): Transition<Data> {
  const now = view.now.toISOString();
  return {
    record: {
      step: stepName,
      status: 'completed',
      attempt: 1,
      system: OWN_SYSTEM,
      direction: 'internal',
      started_at: now,
      ended_at: now,
    },
    state: { ...settled(view.state), step: stepName, phase: 'finished' },
  };
}

export const compensations = { interrupt, compensated, compensationRefused, cancelled };
