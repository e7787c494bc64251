import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { DryRunResult, plannedCall } from '#contracts/v1/dry-run.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Exchange } from '../documents.ts';
import type { CallStep, Flow, InlineStep, Step, View } from './flow.ts';
import { whyPassedOver } from './observed.ts';
import type { TriedMapping } from './payload.ts';

type PlannedCall = z.output<typeof plannedCall>;
type StepReport = DryRunResult['steps'][number];

export interface DryRunInput<Data> {
  view: View<Data>;
  /** The step that failed. */
  failedStep: string;
  /** Received payload to try instead of the one in force. */
  payload?: string;
  mappings: readonly TriedMapping[];
  connectors: Pick<Connectors, 'prepare'>;
  /** What the last attempt of a step sent, if any. */
  sentBefore(step: string): Promise<Exchange | undefined>;
}

/** A dry run looks no further ahead. Later steps depend on what has not happened. */
const HORIZON = 12;

/**
 * Runs a transaction from the step that failed without outside effects: what is pure runs, what would have an effect is
 * only foreseen, and of every call it tells what would be sent. Where the next thing depends on an answer nobody has
 * given yet it says so.
 * @throws Error where the flow has no payload that could be tried.
 */
export async function dryRun<Data, Env>(flow: Flow<Data, Env>, input: DryRunInput<Data>): Promise<DryRunResult> {
  const { payload: reading } = flow;
  if (reading === undefined) throw new Error(`payloads of ${flow.name} cannot be tried`);
  const env = reading.withMappings(flow.env, input.mappings);
  const understood = await reading.understand(input.view, env, input.payload);
  const [canonicalise, ...checks] = reading.rebuild;
  const steps: StepReport[] = [];
  if ('problems' in understood) {
    const { problems, canonical } = understood;
    if (canonical !== undefined) steps.push(readable(canonicalise));
    const stopped = canonical === undefined ? canonicalise : (checks[0] ?? canonicalise);
    steps.push(report(stopped, 'problem', problems[0].message));
    return {
      ok: false,
      steps,
      calls: [],
      problems,
      ...(canonical === undefined ? {} : { canonical: canonical.document }),
    };
  }
  steps.push(readable(canonicalise));
  const { canonical, skipped, passed } = understood;
  const result: DryRunResult = { ok: true, steps, calls: [], problems: [], canonical };
  for (const check of checks)
    steps.push(skipped === undefined ? report(check, 'passed', passed) : report(check, 'would_skip', skipped));
  if (skipped !== undefined) return result;
  return ahead(flow, understood.env, understood.view, understood.goOnAt(input.failedStep), input, result);
}

const readable = (step: string) => report(step, 'passed', 'The payload can be read.');

async function ahead<Data, Env>(
  flow: Flow<Data, Env>,
  env: Env,
  start: View<Data>,
  from: string,
  input: DryRunInput<Data>,
  result: DryRunResult,
): Promise<DryRunResult> {
  let view = start;
  let name = from;
  for (let i = 0; i < HORIZON; i++) {
    const step = flow.steps.get(name);
    if (step === undefined) return result;
    if (step.kind === 'wait') {
      result.steps.push(report(name, 'would_wait', step.waitsFor));
      return result;
    }
    if (step.kind === 'call') {
      if (!(await tryCall(step, view, env, input, result))) return result;
    } else {
      const after = await foresee(step, view, env, result);
      if (after === undefined) return result;
      view = after;
    }
    const next = nextOf(step, view);
    // The end of a flow leads nowhere else.
    if (next === name) return result;
    name = next;
  }
  return result;
}

const nextOf = <Data, Env>(step: Step<Data, Env>, view: View<Data>): string =>
  step.next({ ...view, state: { ...view.state, step: step.name } });

/** @returns undefined where the run ends here. */
async function foresee<Data, Env>(
  step: InlineStep<Data, Env>,
  view: View<Data>,
  env: Env,
  result: DryRunResult,
): Promise<View<Data> | undefined> {
  const foreseen = (await step.dryRun?.(view, env)) ?? { status: 'passed' as const, note: '' };
  if (foreseen.status === 'problem') {
    stop(result, step.name, foreseen.problem);
    return undefined;
  }
  result.steps.push(report(step.name, foreseen.status, foreseen.note));
  return { ...view, data: { ...view.data, ...foreseen.data } };
}

/** False where the run ends here. */
async function tryCall<Data, Env>(
  step: CallStep<Data, Env>,
  view: View<Data>,
  env: Env,
  input: DryRunInput<Data>,
  result: DryRunResult,
): Promise<boolean> {
  const reason = await step.call.skip?.(view, env);
  if (reason !== undefined) {
    result.steps.push(report(step.name, 'would_skip', reason));
    return true;
  }
  const system = step.call.system(view);
  const passedOver = whyPassedOver(view, system);
  if (passedOver !== undefined) {
    result.steps.push(report(step.name, 'would_skip', `${passedOver}.`));
    return true;
  }
  try {
    const call = await input.connectors.prepare(system, step.call.verb, await step.call.input(view, env));
    const before = await input.sentBefore(step.name);
    const planned: PlannedCall = {
      step: step.name,
      system,
      method: call.method,
      path: call.path,
      body: call.body,
      ...(before === undefined ? {} : { sent_before: before.call.body }),
    };
    result.calls.push(planned);
    result.steps.push(report(step.name, 'would_call', `${call.method} to ${system}.`));
    return true;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.detail.retryable) {
      result.steps.push(report(step.name, 'unknown', `What would be sent cannot be known just now: ${error.message}`));
      return true;
    }
    stop(result, step.name, {
      error_class: error.detail.errorClass,
      error_code: error.detail.code,
      path: error.detail.path ?? '',
      document: 'canonical',
      message: error.message,
    });
    return false;
  }
}

function stop(result: DryRunResult, step: string, problem: CaseProblem): void {
  Object.assign(result, { ok: false });
  result.problems.push(problem);
  result.steps.push(report(step, 'problem', problem.message));
}

const report = (step: string, outcome: StepReport['outcome'], note: string): StepReport => ({ step, outcome, note });
