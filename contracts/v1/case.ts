import { z } from 'zod';
import { currencyCode, decimal, instant } from './primitives.ts';
import { errorClass, flow } from './step-event.ts';

export const caseStatus = z.enum([
  'open',
  'assigned',
  'fixed',
  'awaiting_approval',
  'replaying',
  'resolved',
  'on_hold',
  'done_outside',
  'discarded',
]);
export type CaseStatus = z.infer<typeof caseStatus>;

/** A word to sort cases by: lower case, digits and dashes. */
export const caseTag = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and dashes');

/** One thing wrong, as found: where and why, with what cures it when a mapping does. */
export const caseProblem = z.object({
  error_class: errorClass,
  error_code: z.string().max(200),
  /** JSON Pointer (RFC 6901) into the payload named by `document`; in an EDI document a path as x12/path.ts writes it. */
  path: z.string().max(500),
  document: z.enum(['received', 'canonical']),
  message: z.string().max(2000),
  /** A mapping whose absence caused this, so that the console can offer to add it. */
  missing_mapping: z
    .object({ kind: z.string().max(64), system: z.string().max(64), code: z.string().max(200) })
    .optional(),
});
export type CaseProblem = z.infer<typeof caseProblem>;

/** A repair rule that is named on a case instead of being applied. */
export const suggestedRule = z.object({
  rule_id: z.string().max(64),
  rule_version: z.int().positive(),
  name: z.string().max(100),
  /** Who made or changed the rule: authors of a correction that follows, which may be theirs. */
  authors: z.array(z.string().max(200)).optional(),
  /** Where the payload lies on PAYLOADS as the rule would leave it. */
  payload_seq: z.int().positive(),
});
export type SuggestedRule = z.infer<typeof suggestedRule>;

/** The whole of a case as its last event leaves it. Times are UTC. */
export const caseState = z.object({
  v: z.literal(1),
  case_id: z.string().min(1).max(64),
  status: caseStatus,
  /** Grows by one with each event; a command names the revision it was decided on. */
  revision: z.int().positive(),
  flow,
  key: z.string().min(1).max(300),
  trace_id: z.string().length(32),
  business_key: z.string().max(200),
  step: z.string().max(64),
  system: z.string().max(200),
  channel: z.string().max(200),
  legal_entity: z.string().max(200),
  /** Group of like failures: flow, step, error class, path and normalised message, hashed. */
  fingerprint: z.string().max(64),
  problems: z.array(caseProblem).min(1).max(100),
  amount: z.union([z.literal(''), decimal]),
  currency: z.union([z.literal(''), currencyCode]),
  deadline: z.union([z.literal(''), instant]),
  origin: z.enum(['live', 'backfill', 'simulated']),
  assignee: z.string().max(200),
  /** Version of the payload a replay would use: 1 is what arrived. */
  payload_version: z.int().positive(),
  /** Where that version lies on PAYLOADS; absent for the one that the transaction has in force. */
  payload_seq: z.int().positive().optional(),
  /** Who made that version; absent for what arrived. */
  fixed_by: z.string().max(200).optional(),
  /**
   * Everybody who wrote something of what a replay sends: any version after what arrived, whatever was built on it since,
   * the repair of a run, a mapping for this case. None of them approves it.
   */
  authors: z.array(z.string().max(200)).optional(),
  /** A rule that would cure this, but not by itself: it would move more money than one person may. */
  suggested_rule: suggestedRule.optional(),
  tags: z.array(caseTag).max(20).optional(),
  /** Everybody whom a comment on this case ever mentioned. */
  mentioned: z.array(z.string().max(200)).max(50).optional(),
  /** The repair run that replayed it last; absent where a person did. */
  repair_run: z.string().max(64).optional(),
  /** While on hold or awaiting approval: where it goes back to. */
  parked_from: z.enum(['open', 'assigned', 'fixed']).optional(),
  /** While a replay of money awaits a second person: who asked for it. */
  approval: z
    .object({
      requested_by: z.string().max(200),
      requested_at: instant,
      /** Asked for although a newer version is known. */
      override_stale: z.boolean(),
      /** What the payload to be replayed comes to, which a correction may have changed. */
      amount: z.union([z.literal(''), decimal]).optional(),
      currency: z.string().max(3).optional(),
    })
    .optional(),
  /** Ordinal of the transaction's event that opened the case or returned it to open. */
  failed_ordinal: z.int().positive(),
  times_failed: z.int().positive(),
  opened_at: instant,
  updated_at: instant,
  closed_at: z.union([z.literal(''), instant]),
  outcome: z.string().max(2000),
});
export type CaseState = z.infer<typeof caseState>;

export const caseEventType = z.enum([
  'opened',
  'assigned',
  'fixed',
  'mapping_added',
  'dry_run',
  'replay_requested',
  'failed_again',
  'resolved',
  'held',
  'released',
  'done_outside',
  'discarded',
  'restored',
  'commented',
  'revealed',
  'tagged',
  'approval_requested',
  'approved',
  'declined',
]);

/** One entry of a case's stream, `cases.<id>`; `state` is the case after it. */
export const caseEvent = z.object({
  v: z.literal(1),
  event_id: z.string().min(1).max(120),
  type: caseEventType,
  at: instant,
  actor: z.string().max(200),
  note: z.string().max(4000),
  detail: z.record(z.string().max(64), z.string().max(4000)),
  writer: z.string().max(64),
  state: caseState,
});
export type CaseEvent = z.infer<typeof caseEvent>;
