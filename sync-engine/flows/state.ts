import type { SlaClass } from '#contracts/v1/subjects.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';

/** Dimensions a transaction's events repeat. */
export type Dimensions = Pick<
  StepEvent,
  | 'business_key'
  | 'occurred_at'
  | 'channel'
  | 'region'
  | 'legal_entity'
  | 'brand'
  | 'location'
  | 'sku'
  | 'amount'
  | 'currency'
  | 'origin'
>;

/** Something from outside that concerns a transaction: a shipment, a delivery, a cancellation. */
export interface Signal {
  /** Unique in its transaction; a repeated one is dropped. */
  id: string;
  type: string;
  system: string;
  /** When it happened, UTC. */
  at: string;
  /** INTAKE sequence of the message that brought it, 0 for a command of ours. */
  intake_seq: number;
  data: Record<string, unknown>;
}

/** The checkpoint: what the last event of a transaction's subject carries. `Data` holds the flow's own outputs. */
export interface FlowState<Data = unknown> {
  /** The step to be done next, or being done. */
  step: string;
  phase: 'forward' | 'compensating' | 'finished';
  /** Steps whose effects a compensation would undo, in the order they completed. */
  effects: string[];
  /** Attempts made of the current step. */
  attempt: number;
  /**
   * The attempt under way: who runs it and since when. Whoever finds one that is not its own looks the effect up.
   * `in_doubt`: when it began, an attempt before it may already have had its effect.
   */
  running?: { writer: string; span_id: string; started_at: string; in_doubt?: true };
  /** An earlier attempt of this step may have had its effect: look it up before repeating it. */
  may_exist?: boolean;
  /** Failures that became or would become a case, per transaction; names the next case. */
  failures: number;
  /** The open case that stops this transaction. */
  blocked_by?: string;
  /** A case under replay, resolved when `step` gets past. */
  replaying?: { case_id: string; step: string; revision: number };
  /** The replay that was applied last, so that it is not applied again once it has failed. */
  replayed?: { case_id: string; revision: number };
  /** A case whose resolution must still be written. */
  resolving?: { case_id: string; outcome: string; status: 'resolved' | 'done_outside' };
  /** The step a replay is to come to, once the payload is canonical and valid again. */
  resume_at?: string;
  /** An earlier attempt of the step in `resume_at` may have had its effect. */
  resume_in_doubt?: true;
  /** Repair rules that cured this transaction; each may do so once. */
  rules_applied?: string[];
  /** Systems that were only observed when a call of this transaction was due there: none of it is sent to them. */
  passed_over?: string[];
  /** Who asked for the cancellation under way: a system's id, or `console`. */
  cancellation?: { by: string; reason: string };
  held?: { by: string; reason: string };
  inbox: Signal[];
  /** Ids of every signal ever accepted. */
  signals: string[];
  /** How urgent the transaction is by itself. */
  sla_class: SlaClass;
  /** Replayed as one of many: its calls wait in the bulk class, until a person replays it by itself. */
  background?: true;
  payload_version: number;
  /** Who wrote something of what is sent, in whatever case or rule: see the case's `authors`. */
  authors?: string[];
  trace_id: string;
  root_span_id: string;
  dimensions: Dimensions;
  /** Attributes that every event of the transaction carries. */
  labels?: Record<string, string>;
  deadline: string;
  data: Data;
}

/** A transaction as its last event leaves it. */
export interface Head<Data = unknown> {
  key: string;
  /** Stream sequence of the last event: what the next one must follow. */
  seq: number;
  ordinal: number;
  state: FlowState<Data>;
}

/** The class of the queues in which a transaction's calls wait. */
export const queueClass = ({ sla_class, background }: Pick<FlowState, 'sla_class' | 'background'>): SlaClass =>
  background === true ? 'bulk' : sla_class;
