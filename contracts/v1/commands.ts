import { z } from 'zod';
import { caseState, caseTag } from './case.ts';
import { causeChange, causeState, fingerprint } from './cause.ts';
import { incident, incidentChange, incidentId, incidentRaise } from './incident.ts';
import { dryRunResult } from './dry-run.ts';
import { mappingKind } from './mapping.ts';
import { transactionKeyForm } from './key.ts';
import { permission, role } from './permissions.ts';
import { instant, slug } from './primitives.ts';
import { datedRate, MOST_RATES, storedRate } from './rate.ts';
import { repair, repairId, repairRun } from './repair.ts';
import { repairRule, ruleScope, rulesSwitch } from './repair-rule.ts';
import { reconciliationBreak, reconciliationId, reconciliationRun } from './reconciliation.ts';
import { shadowChange, shadowRun } from './shadow.ts';
import { eventName } from './business-event.ts';
import { MOST_OPENED, openingItem, openingOutcome } from './opening-stock.ts';
import { connectorSwitch, plannedWindow } from './connector-switch.ts';
import { webhook, webhookId, webhookSecret } from './webhook.ts';

/**
 * Who asks. The engine checks again what they may, whoever relays the command: people hold roles, API clients hold
 * permissions of their own.
 */
export const actor = z.object({
  id: z.string().min(1).max(200),
  roles: z.array(role).max(10),
  permissions: z.array(permission).max(20).optional(),
});
export type Actor = z.infer<typeof actor>;

/** One subject token: no name that could stand for several cases or orders. */
export const caseId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected the id of a case');
const orderKey = z.string().regex(transactionKeyForm, 'expected the key of an order');
const onCase = { actor, case_id: caseId, revision: z.int().positive() };
const onBreak = { actor, break_id: reconciliationId, revision: z.int().positive() };
const reason = z.string().min(1).max(1000);
const note = z.string().max(4000).default('');

/** Requests by command name; the subject is `cmd.<name>`. */
export const commandRequests = {
  'case.assign': z.object({ ...onCase, assignee: z.string().max(200), note }),
  'case.comment': z.object({
    ...onCase,
    note: z.string().min(1).max(4000),
    /** E-mails of those the comment speaks to. */
    mentions: z.array(z.string().min(1).max(200)).max(20).default([]),
  }),
  'case.tag': z.object({
    ...onCase,
    add: z.array(caseTag).max(20).default([]),
    remove: z.array(caseTag).max(20).default([]),
  }),
  /** A new version of the received payload, as text; `reason` is kept with it. */
  'case.fix': z.object({
    ...onCase,
    payload: z.string().max(1_000_000),
    reason,
  }),
  /** Runs the flow from the failed step without outside effects, on `payload` or else on the case's current version. */
  'case.dry-run': z.object({
    actor,
    case_id: caseId,
    payload: z.string().max(1_000_000).optional(),
    mappings: z
      .array(
        z.object({
          kind: mappingKind,
          system: slug,
          code: z.string().min(1).max(200),
          target: z.string().min(1).max(200),
        }),
      )
      .max(50)
      .default([]),
  }),
  /** `override_stale`: although a newer version of the same thing is known; the note says why. */
  'case.replay': z.object({ ...onCase, note, override_stale: z.boolean().default(false) }),
  /** The second person lets a replay of money go, or sends it back. */
  'case.approve': z.object({ ...onCase, note }),
  'case.decline': z.object({ ...onCase, reason }),
  'case.hold': z.object({ ...onCase, note }),
  'case.release': z.object({ ...onCase, note }),
  /** The document exists in the outside system already; verified by look-up before the flow skips the step. */
  'case.done-outside': z.object({ ...onCase, document_number: z.string().min(1).max(128), note }),
  'case.discard': z.object({ ...onCase, reason }),
  'case.restore': z.object({ ...onCase, note }),
  'mapping.put': z.object({
    actor,
    kind: mappingKind,
    system: slug,
    code: z.string().min(1).max(200),
    target: z.string().min(1).max(200),
    reason,
    /** E-mail address of whom to ask about it; without it, who owned it before, or else who asks. */
    owner: z.string().min(1).max(200).optional(),
    /** Recorded on this case's timeline too. */
    case_id: caseId.optional(),
  }),
  /**
   * Sets rates from their days on: none where one is wrong or may not take the place of what is there. A rate that is
   * there already stays as it is; one that differs is corrected where a reason is given. Where some could not be written
   * after all, the reply names them and says how many were.
   */
  'rates.set': z.object({
    actor,
    entries: z
      .array(
        datedRate.extend({
          /** The version that a correction was decided on, 0 where there was none; absent: whatever stands. */
          version: z.int().nonnegative().optional(),
        }),
      )
      .min(1)
      .max(MOST_RATES),
    reason: z.string().max(1000).default(''),
  }),
  /** `revision` 0 where nobody has decided anything about the cause yet. */
  'cause.change': z.object({ actor, fingerprint, revision: z.int().nonnegative(), change: causeChange }),
  /** Freezes the open cases of a cause, or those listed, and tries a repair on each without effects. */
  'repair.try': z
    .object({
      actor,
      fingerprint: fingerprint.optional(),
      cases: z.array(caseId).min(1).max(5_000).optional(),
      repair,
      reason,
    })
    .refine((asked) => (asked.fingerprint === undefined) !== (asked.cases === undefined), {
      error: 'name either a cause or a list of cases',
    }),
  /** Replays what the trial would cure, in waves. */
  'repair.start': z.object({ actor, run_id: repairId, rate_per_s: z.number().min(0.1).max(200).default(10) }),
  'repair.pause': z.object({ actor, run_id: repairId, reason: z.string().max(1000).default('') }),
  'repair.resume': z.object({ actor, run_id: repairId }),
  'repair.abort': z.object({ actor, run_id: repairId, reason }),
  /** `version` 0 makes a new rule; otherwise the version it was decided on. */
  'rule.put': z.object({
    actor,
    rule_id: repairId,
    version: z.int().nonnegative(),
    name: z.string().min(1).max(100),
    scope: ruleScope,
    repair,
    enabled: z.boolean(),
    expires_at: instant,
    reason,
  }),
  /** Switches every rule off at once, or lets those that are enabled apply again. */
  'rule.switch-all': z.object({ actor, enabled: z.boolean(), reason }),
  /** Tries a change on the last real payloads, without effects. */
  'shadow.run': z.object({
    actor,
    change: shadowChange,
    payloads: z.int().min(1).max(2_000).default(200),
    /** Cases whose orders are tried too, however long ago they arrived. */
    cases: z.array(caseId).max(500).default([]),
  }),
  'shadow.abort': z.object({ actor, shadow_id: repairId }),
  /** `version` 0 makes a new one; its secret is in the reply and never again. */
  'webhook.put': z.object({
    actor,
    webhook_id: webhookId,
    version: z.int().nonnegative(),
    name: z.string().min(1).max(100),
    url: z.string().min(1).max(1000),
    events: z.array(eventName).min(1),
    status: z.enum(['active', 'paused']),
    /** One that the receiver chose; otherwise it is made up. Of a new webhook only. */
    secret: webhookSecret.optional(),
    reason: z.string().max(1000).default(''),
  }),
  /** A new secret; the former one signs too for a while. At most five former ones sign at a time. */
  'webhook.rotate': z.object({
    actor,
    webhook_id: webhookId,
    version: z.int().positive(),
    keep_former_s: z.int().min(0).max(2_592_000).default(86_400),
    /** Those before the present one sign no more from now on. */
    retire_former: z.boolean().default(false),
  }),
  'webhook.remove': z.object({ actor, webhook_id: webhookId, version: z.int().positive() }),
  /** Tells again: single events by their sequence in EVENTS, or all that happened from a time to another. */
  'webhook.replay': z.object({
    actor,
    webhook_id: webhookId,
    event_seqs: z.array(z.int().positive()).min(1).max(1_000).optional(),
    from: instant.optional(),
    to: instant.optional(),
  }),
  /** Nothing is sent to the system any more until it is resumed; what is meant for it waits. */
  'connector.pause': z.object({ actor, connector_id: slug, reason }),
  'connector.resume': z.object({ actor, connector_id: slug, reason: z.string().max(1000).default('') }),
  /** What is on its queue is sent; then it is paused. What comes meanwhile, or is to be tried again, waits. */
  'connector.drain': z.object({ actor, connector_id: slug, reason }),
  /** Nothing is sent to the system within [from, until). */
  'connector.plan_maintenance': z.object({ actor, connector_id: slug, from: instant, until: instant, reason }),
  /** From now on the system is sent what is meant for it. What was passed over before is not sent. */
  'connector.go_live': z.object({
    actor,
    connector_id: slug,
    /** Calls that were passed over, as whoever decides was told; kept with the decision. */
    passed_over: z.int().nonnegative().optional(),
    reason,
  }),
  /** From now on nothing is sent to the system: what would be is recorded, and the flow goes on. */
  'connector.observe': z.object({ actor, connector_id: slug, reason }),
  'connector.cancel_maintenance': z.object({ actor, connector_id: slug, window_id: plannedWindow.shape.id }),
  /** Something that everybody is to know of, and that people see to together. */
  'incident.raise': z.object({ actor, ...incidentRaise }),
  'incident.change': z.object({
    actor,
    incident_id: incidentId,
    revision: z.int().positive(),
    change: incidentChange,
  }),
  /** Counts of what lay on the shelves before Syncline kept their stock; each item's outcome is in the reply, in this order. */
  'stock.open': z.object({
    actor,
    /** When it was counted. */
    counted_at: instant,
    /** Also where stock has moved already: the count overwrites what is known. */
    over: z.boolean().default(false),
    /** Only says what would come of it. */
    dry_run: z.boolean().default(false),
    reason,
    items: z.array(openingItem).min(1).max(MOST_OPENED),
  }),
  /** Has a system send a webhook again that it no longer sends. */
  'connector.subscribe': z.object({ actor, connector_id: slug, topic: z.string().min(1).max(100), reason }),
  /** Compares now, beside the schedule. */
  'reconciliation.run': z.object({ actor, plan: slug }),
  'break.assign': z.object({ ...onBreak, assignee: z.string().max(200), note }),
  'break.comment': z.object({ ...onBreak, note: z.string().min(1).max(4000) }),
  /** Fetches an order that never arrived from its channel and sends it through, as if the channel had told of it. */
  'break.fetch': z.object(onBreak),
  /** Explained or corrected outside: the reason, and the document that puts it right where there is one. */
  'break.close': z.object({
    ...onBreak,
    reason,
    document_number: z.string().max(128).default(''),
  }),
  'order.hold': z.object({ actor, key: orderKey, reason }),
  'order.release': z.object({ actor, key: orderKey, reason: z.string().max(1000).default('') }),
  'order.cancel': z.object({ actor, key: orderKey, reason }),
  /** Moves what `from` has not shipped, or what is not allocated yet, to another location. */
  'order.reroute': z.object({
    actor,
    key: orderKey,
    /** Where it lies now; needed where several locations ship. */
    from: slug.optional(),
    to: slug,
    reason,
  }),
} as const;
export type CommandName = keyof typeof commandRequests;
export type CommandRequest<N extends CommandName> = z.input<(typeof commandRequests)[N]>;

export const commandErrorCode = z.enum(['forbidden', 'invalid', 'not_found', 'conflict', 'refused', 'unavailable']);
/** `fields` names what is wrong by JSON Pointer into the request, `because` what the asker can do something about. */
export const commandError = z.object({
  code: commandErrorCode,
  because: z.enum(['stale_payload', 'another_case_first', 'same_person', 'cause_on_hold']).optional(),
  message: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});
export type CommandError = z.infer<typeof commandError>;

export const commandReply = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    case: caseState.optional(),
    dry_run: dryRunResult.optional(),
    cause: causeState.optional(),
    run: repairRun.optional(),
    rule: repairRule.optional(),
    rules: rulesSwitch.optional(),
    shadow: shadowRun.optional(),
    webhook: webhook.optional(),
    /** Of a webhook that was made or got a new one: shown once. */
    secret: z.string().optional(),
    connector: connectorSwitch.optional(),
    incident: incident.optional(),
    opening: z.array(openingOutcome).optional(),
    /** As it stands now, where one was to be set; older engines do not say to which currency. */
    rate: storedRate.partial({ reporting_currency: true }).optional(),
    reconciliation: reconciliationRun.optional(),
    break: reconciliationBreak.optional(),
    message: z.string(),
  }),
  z.object({
    ok: z.literal(false),
    error: commandError,
    case: caseState.optional(),
    cause: causeState.optional(),
    /** Rates that were set although others could not be, as `<currency> <day>`. */
    rates_set: z.array(z.string()).optional(),
  }),
]);
export type CommandReply = z.infer<typeof commandReply>;
