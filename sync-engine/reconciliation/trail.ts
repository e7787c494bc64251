import { createHash } from 'node:crypto';
import type { Estate } from '#contracts/v1/estate.ts';
import type { ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import type { FlowState, Head } from '../flows/state.ts';
import type { StepRecord, TransactionLog } from '../flows/transaction-log.ts';
import { OWN_SYSTEM } from '../flows/transitions.ts';

/** Somebody else writes this run's steps: its lease is no longer ours. */
export class TakenOver extends Error {
  override name = 'TakenOver';
}

/** A step of a run; what is left out is of the engine itself, done at once and well. */
export type RunStep = Pick<StepRecord, 'step'> & Partial<StepRecord>;

/** The steps of one run, as a transaction like any other. */
export interface Trail {
  add(step: RunStep): Promise<void>;
  /** The last step: the transaction is over with it. */
  finish(step: RunStep): Promise<void>;
  /** Events already written by whoever worked on the run before. */
  readonly resumed: boolean;
}

const FLOW = 'reconciliation';

export async function openTrail(
  log: TransactionLog,
  run: ReconciliationRun,
  estate: Pick<Estate, 'simulated'>,
  now: () => Date,
): Promise<Trail> {
  let head: Head<object> | undefined = await log.reload(FLOW, run.key);
  const resumed = head !== undefined;
  const write = async (step: RunStep, phase: FlowState['phase']): Promise<void> => {
    const at = now().toISOString();
    const record: StepRecord = {
      status: 'completed',
      attempt: 1,
      system: OWN_SYSTEM,
      direction: 'internal',
      started_at: at,
      ended_at: at,
      ...step,
    };
    const state = { ...(head?.state ?? begun(run, estate)), step: step.step, phase };
    const after = await log.append(FLOW, run.key, head, record, state);
    if (after === undefined) throw new TakenOver(`another engine works on the run ${run.run_id}`);
    head = after;
  };
  return {
    resumed,
    add: (step) => write(step, 'forward'),
    finish: (step) => write(step, 'finished'),
  };
}

const hex = (text: string, digits: number) => createHash('sha256').update(text).digest('hex').slice(0, digits);

const begun = (run: ReconciliationRun, estate: Pick<Estate, 'simulated'>): FlowState<object> => ({
  step: '',
  phase: 'forward',
  effects: [],
  attempt: 0,
  failures: 0,
  inbox: [],
  signals: [],
  sla_class: 'standard',
  payload_version: 0,
  trace_id: hex(run.key, 32),
  root_span_id: '',
  dimensions: {
    business_key: run.run_id,
    occurred_at: run.due_at,
    channel: '',
    region: '',
    legal_entity: '',
    brand: '',
    location: '',
    sku: '',
    amount: '',
    currency: '',
    origin: estate.simulated ? 'simulated' : 'live',
  },
  labels: { plan: run.plan },
  deadline: '',
  data: {},
});
