import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { SlaClass } from '#contracts/v1/subjects.ts';
import type { Flow as FlowName } from '#contracts/v1/step-event.ts';
import type { VerbInput, VerbName, VerbOutput } from '../connectors/services.ts';
import type { PayloadReading } from './payload.ts';
import type { FlowState, Signal } from './state.ts';

/** What a step found out. `data` is merged into the transaction's outputs, `attributes` land on the event. */
export interface Passed<Data> {
  status: 'completed' | 'skipped' | 'degraded' | 'superseded';
  data?: Partial<Data>;
  attributes?: Record<string, string>;
  dimensions?: Partial<FlowState['dimensions']>;
  location?: string;
  amount?: string;
  currency?: string;
  /** When the business event itself happened, where that is not now. */
  endedAt?: string;
  /** Attributes that every later event of the transaction carries too. */
  labels?: Record<string, string>;
  /** How urgent the transaction's work is from here on. */
  slaClass?: SlaClass;
  /** A system that is only observed and was not called. */
  passedOver?: string;
  /** Ends the transaction here. */
  finish?: boolean;
  /** Of an undo: there is more of this step to be undone, which is asked for next. */
  again?: boolean;
  /** Of an undo that came too late: the step at which the flow goes on, where it is not the one it was at. */
  goOnAt?: string;
}
export interface Stopped {
  status: 'quarantined';
  problems: [CaseProblem, ...CaseProblem[]];
  /** Of a call: this attempt sent nothing. */
  unsent?: true;
}
export type Outcome<Data> = Passed<Data> | Stopped;

/** When an attempt began, and what is known of it beyond its outcome. */
export interface Attempt {
  startedAt: Date;
  signal?: Signal;
  system?: string;
  attributes?: Record<string, string>;
  spanId?: string;
}

/** What a step may look at. */
export interface View<Data> {
  key: string;
  state: FlowState<Data>;
  data: Data;
  estate: Estate;
  now: Date;
}

interface StepBase<Data> {
  name: string;
  /** The step after this one, decided on the outputs. */
  next(view: View<Data>): string;
}

/** What a step would come to, in words, or what would stop it. */
export type Foreseen<Data> =
  { status: 'passed' | 'would_skip'; note: string; data?: Partial<Data> } | { status: 'problem'; problem: CaseProblem };

/** Runs in the engine: pure rules, documents of ours, the stock service. Repeating it must be harmless. */
export interface InlineStep<Data, Env> extends StepBase<Data> {
  kind: 'inline';
  run(view: View<Data>, env: Env): Promise<Outcome<Data>> | Outcome<Data>;
  /** Where `run` has effects, what it would answer without them. */
  dryRun?(view: View<Data>, env: Env): Promise<Foreseen<Data>>;
  /** Its cases are of a message that nothing could take, not of the payload that the transaction began with. */
  ofMessage?: true;
  /** What it stops is let go by two people: one asks for the replay, another approves it. */
  secondPerson?: true;
  undo?(view: View<Data>, env: Env): Promise<Passed<Data>>;
}

export interface Posting {
  document: 'sales_order' | 'invoice' | 'payment' | 'refund' | 'credit_memo' | 'journal';
  posting_key: string;
}

/** One call of one business service, typed by the verb. */
export interface Call<Data, Env> {
  system(view: View<Data>): string;
  verb: VerbName;
  /** Why there is nothing to call, if there is a reason. */
  skip?(view: View<Data>, env: Env): Promise<string | undefined> | string | undefined;
  /** What forbids it by now, if anything: asked by every attempt that found nothing done, right before it sends. */
  forbidden?(view: View<Data>, env: Env): Promise<CaseProblem | undefined>;
  /** The document this posts, on every event of the step: it is one posting from the first attempt on. */
  posting?(view: View<Data>): Posting;
  /** What to ask. */
  input(view: View<Data>, env: Env): Promise<unknown>;
  done(view: View<Data>, output: unknown, input: unknown): Outcome<Data>;
  /** What the transaction remembers where its system is only observed and was not called. */
  passedOver?(view: View<Data>): Pick<Passed<Data>, 'data' | 'again'>;
  /** What the transaction remembers where it went on without, to come back to it. */
  without?: Partial<Data>;
}

/** Whom a call step is to call, or why there is nothing to call. */
export type Asked<Data> =
  | { status: 'call'; system: string }
  | { status: 'skipped'; system: string; attributes: Record<string, string> }
  | PassedOver<Data>;

/** Its system is only observed: what would have been sent stands among the attributes. */
export interface PassedOver<Data> extends Pick<Passed<Data>, 'data' | 'again'> {
  status: 'skipped';
  system: string;
  attributes: Record<string, string>;
  passedOver: string;
}

/** Calls an outside system through its connector's queue. */
export interface CallStep<Data, Env> extends StepBase<Data> {
  kind: 'call';
  call: Call<Data, Env>;
  undo?: Call<Data, Env>;
  /** The flow is about nothing else: it waits for its system even where others go on without it. */
  essential?: true;
}

/** Waits for something from outside. */
export interface WaitStep<Data, Env> extends StepBase<Data> {
  kind: 'wait';
  /** For whom, in words. */
  waitsFor: string;
  /** Why there is nothing to wait for, if there is a reason. */
  skip?(view: View<Data>, env: Env): string | undefined;
  /** Which of the signals at hand lets the flow go on, if any: their ids. */
  accepts(view: View<Data>, inbox: readonly Signal[], env: Env): string[];
  /** Repeating it must be harmless. */
  apply(view: View<Data>, signals: readonly Signal[], env: Env): Promise<Outcome<Data>> | Outcome<Data>;
}

export type Step<Data, Env> = InlineStep<Data, Env> | CallStep<Data, Env> | WaitStep<Data, Env>;

export interface Flow<Data, Env> {
  name: FlowName;
  steps: ReadonlyMap<string, Step<Data, Env>>;
  /** The deadline of the next milestone, RFC 3339 or empty. */
  deadline(state: FlowState<Data>, estate: Estate): string;
  /** Decides on a signal that interrupts, such as a cancellation: undefined where the flow simply goes on. */
  interrupt?(view: View<Data>): Interrupt | undefined;
  /** May a signal be taken? What is not taken stays whole with whoever brought it. */
  takes?(view: View<Data>, signal: Signal, env: Env): Promise<Taken> | Taken;
  /** How the payload of a transaction is understood; absent where there is none that people could correct. */
  payload?: PayloadReading<Data, Env>;
  /** Steps that read the transaction's message, first first; run again once somebody has corrected it. */
  rereads?: readonly [string, ...string[]];
  /** The step whose completion ends a cancellation. */
  cancelled: string;
  env: Env;
}

/**
 * `later` while what a signal means is being decided, `never` once the transaction is over; `problems` where the signal
 * itself is wrong, which is nothing to stop the transaction for.
 */
export type Taken = 'now' | 'later' | 'never' | { problems: [CaseProblem, ...CaseProblem[]] };

export interface Interrupt {
  signal: Signal;
  accept: boolean;
  reason: string;
}

/** A call whose input and output are checked against its verb. */
export function defineCall<Data, Env, V extends VerbName>(call: {
  verb: V;
  system(view: View<Data>): string;
  skip?(view: View<Data>, env: Env): Promise<string | undefined> | string | undefined;
  forbidden?(view: View<Data>, env: Env): Promise<CaseProblem | undefined>;
  posting?(view: View<Data>): Posting;
  input(view: View<Data>, env: Env): Promise<VerbInput<V>>;
  done(view: View<Data>, output: VerbOutput<V>, input: VerbInput<V>): Outcome<Data>;
  passedOver?(view: View<Data>): Pick<Passed<Data>, 'data' | 'again'>;
  without?: Partial<Data>;
}): Call<Data, Env> {
  return { ...call, done: (view, output, input) => call.done(view, output as VerbOutput<V>, input as VerbInput<V>) };
}
