import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { DryRunResult, plannedCall } from '#contracts/v1/commands.ts';
import { ConnectorError } from '../../connectors/connector.ts';
import type { Connectors } from '../../connectors/connectors.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import type { Exchange } from '../../documents.ts';
import type { CallStep, Step } from '../flow.ts';
import { orderOf, type OrderData, type OrderEnv, type OrderFlow, type OrderView } from './order-data.ts';
import { candidates } from './steps/reserve-stock.ts';
import { canonicaliseReceived } from './steps/canonicalise.ts';
import { problemsOf, resumeStep, skipReason } from './steps/validate.ts';

type PlannedCall = z.output<typeof plannedCall>;
type StepReport = DryRunResult['steps'][number];

export interface DryRunInput {
  view: OrderView;
  /** The step that failed. */
  failedStep: string;
  /** Received payload to try instead of the one in force. */
  payload?: string;
  /** Mappings to try as if they had been added. */
  mappings: readonly { kind: MappingKind; system: string; code: string; target: string }[];
  connectors: Pick<Connectors, 'prepare'>;
  /** What the last attempt of a step sent, if any. */
  sentBefore(step: string): Promise<Exchange | undefined>;
}

/** Steps ahead that a dry run looks at: those up to the warehouse. Later ones depend on what has not happened. */
const HORIZON = 12;

/**
 * Runs an order from the step that failed without outside effects: what is pure runs, stock is only asked, and of
 * every call it tells what would be sent. Where the next thing depends on an answer nobody has given yet it says so.
 */
export async function dryRunOrder(flow: OrderFlow, input: DryRunInput): Promise<DryRunResult> {
  const env = withMappings(flow.env, input.mappings);
  const steps: StepReport[] = [];
  const canonical = await canonicaliseReceived(input.view, env, input.payload);
  if ('problems' in canonical)
    return failed([report('canonicalise', 'problem', canonical.problems[0].message)], canonical.problems);
  const { order } = canonical;
  steps.push(report('canonicalise', 'passed', 'The payload becomes a canonical order.'));
  const trial = withOrder(env, order);
  const view = viewOf(input.view, order);
  const skipped = skipReason(order, view);
  if (skipped !== undefined)
    return {
      ok: true,
      steps: [...steps, report('validate', 'would_skip', skipped)],
      calls: [],
      problems: [],
      canonical: order,
    };
  const problems = problemsOf(order, view, trial);
  const [first] = problems;
  if (first !== undefined) return failed([...steps, report('validate', 'problem', first.message)], problems, order);
  steps.push(report('validate', 'passed', 'Items, tax codes, locations and totals are in order.'));
  const from = ['canonicalise', 'validate'].includes(input.failedStep)
    ? 'tax_enrich'
    : resumeStep(order, view, input.failedStep);
  return ahead(flow, trial, view, from, input, { ok: true, steps, calls: [], problems: [], canonical: order });
}

async function ahead(
  flow: OrderFlow,
  env: OrderEnv,
  start: OrderView,
  from: string,
  input: DryRunInput,
  result: DryRunResult,
): Promise<DryRunResult> {
  let view = start;
  let name = from;
  for (let i = 0; i < HORIZON; i++) {
    const step = flow.steps.get(name);
    if (step === undefined || step.kind === 'wait') {
      result.steps.push(report(name, 'would_wait', 'The order waits for the warehouse.'));
      return result;
    }
    if (step.kind === 'call') {
      if (!(await tryCall(step, view, env, input, result))) return result;
    } else if (step.name === 'reserve_stock') {
      view = await tryReservation(view, env, result);
      if (!result.ok) return result;
    } else {
      result.steps.push(report(name, 'passed', ''));
    }
    name = nextOf(step, view);
  }
  return result;
}

const nextOf = (step: Step<OrderData, OrderEnv>, view: OrderView): string =>
  step.next({ ...view, state: { ...view.state, step: step.name } });

/** False where the run ends here. */
async function tryCall(
  step: CallStep<OrderData, OrderEnv>,
  view: OrderView,
  env: OrderEnv,
  input: DryRunInput,
  result: DryRunResult,
): Promise<boolean> {
  const reason = await step.call.skip?.(view, env);
  if (reason !== undefined) {
    result.steps.push(report(step.name, 'would_skip', reason));
    return true;
  }
  const system = step.call.system(view);
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
    const problem: CaseProblem = {
      error_class: error.detail.errorClass,
      error_code: error.detail.code,
      path: error.detail.path ?? '',
      document: 'canonical',
      message: error.message,
    };
    result.ok = false;
    result.problems.push(problem);
    result.steps.push(report(step.name, 'problem', error.message));
    return false;
  }
}

/** Asks the stock what it would promise, without reserving it. */
async function tryReservation(view: OrderView, env: OrderEnv, result: DryRunResult): Promise<OrderView> {
  const order = await orderOf(view, env);
  const lines = order.lines.filter((line) => line.requires_shipping);
  if (lines.length === 0) {
    result.steps.push(report('reserve_stock', 'would_skip', 'Nothing in this order is shipped.'));
    return view;
  }
  const offered = await env.stock.availability({ skus: [...new Set(lines.map(({ sku }) => sku))] });
  for (const location of candidates(view, order)) {
    const enough = lines.every(({ sku, quantity }) =>
      offered.some(
        (item) =>
          item.sku === sku &&
          item.location === location &&
          item.on_hand - item.reserved - item.safety_stock >= quantity,
      ),
    );
    if (!enough) continue;
    result.steps.push(report('reserve_stock', 'passed', `${location} holds every line just now.`));
    return { ...view, data: { ...view.data, location } };
  }
  const problem: CaseProblem = {
    error_class: 'stock',
    error_code: 'insufficient_stock',
    path: '/lines',
    document: 'canonical',
    message: 'No location holds every line just now.',
  };
  result.ok = false;
  result.problems.push(problem);
  result.steps.push(report('reserve_stock', 'problem', problem.message));
  return view;
}

function withMappings(env: OrderEnv, mappings: DryRunInput['mappings']): OrderEnv {
  const mapping: OrderEnv['master']['mapping'] = (kind, system, code) => {
    const tried = mappings.find((item) => item.kind === kind && item.system === system && item.code === code);
    if (tried === undefined) return env.master.mapping(kind, system, code);
    return { ...tried, changed_by: '', changed_at: '', reason: '' };
  };
  return { ...env, master: { product: (sku) => env.master.product(sku), mapping } };
}

/** Document number of the order under trial: no stored document has it. */
const TRIAL = -1;

function withOrder(env: OrderEnv, order: unknown): OrderEnv {
  return {
    ...env,
    documents: {
      ...bound(env.documents),
      read: async <T>(seq: number) => (seq === TRIAL ? (order as T) : env.documents.read<T>(seq)),
    },
  };
}

const bound = (documents: OrderEnv['documents']): OrderEnv['documents'] => ({
  read: (seq) => documents.read(seq),
  keep: (key, name, value) => documents.keep(key, name, value),
  received: (source) => documents.received(source),
});

function viewOf(
  view: OrderView,
  order: { channel: string; legal_entity: string; currency: string; tier: OrderData['tier'] },
): OrderView {
  const dimensions = {
    ...view.state.dimensions,
    channel: order.channel,
    legal_entity: order.legal_entity,
    currency: order.currency,
  };
  const data = { ...view.data, canonical_seq: TRIAL, tier: order.tier };
  return { ...view, data, state: { ...view.state, dimensions, data } };
}

const report = (step: string, outcome: StepReport['outcome'], note: string): StepReport => ({ step, outcome, note });

const failed = (steps: StepReport[], problems: CaseProblem[], canonical?: unknown): DryRunResult => ({
  ok: false,
  steps,
  calls: [],
  problems,
  ...(canonical === undefined ? {} : { canonical }),
});
