import { z } from 'zod';
import { caseProblem, caseState } from './case.ts';
import { mappingKind } from './mapping.ts';
import { transactionKeyForm } from './key.ts';
import { role } from './permissions.ts';
import { slug } from './primitives.ts';

/** Who asks. The engine checks the roles again, whoever relays the command. */
export const actor = z.object({ id: z.string().min(1).max(200), roles: z.array(role).max(10) });
export type Actor = z.infer<typeof actor>;

/** One subject token: no name that could stand for several cases or orders. */
export const caseId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected the id of a case');
const orderKey = z.string().regex(transactionKeyForm, 'expected the key of an order');
const onCase = { actor, case_id: caseId, revision: z.int().positive() };
const note = z.string().max(4000).default('');

/** Requests by command name; the subject is `cmd.<name>`. */
export const commandRequests = {
  'case.assign': z.object({ ...onCase, assignee: z.string().max(200), note }),
  'case.comment': z.object({ ...onCase, note: z.string().min(1).max(4000) }),
  /** A new version of the received payload, as text; `reason` is kept with it. */
  'case.fix': z.object({
    ...onCase,
    payload: z.string().max(1_000_000),
    reason: z.string().min(1).max(1000),
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
  'case.replay': z.object({ ...onCase, note }),
  'case.hold': z.object({ ...onCase, note }),
  'case.release': z.object({ ...onCase, note }),
  /** The document exists in the outside system already; verified by look-up before the flow skips the step. */
  'case.done-outside': z.object({ ...onCase, document_number: z.string().min(1).max(128), note }),
  'case.discard': z.object({ ...onCase, reason: z.string().min(1).max(1000) }),
  'case.restore': z.object({ ...onCase, note }),
  'mapping.put': z.object({
    actor,
    kind: mappingKind,
    system: slug,
    code: z.string().min(1).max(200),
    target: z.string().min(1).max(200),
    reason: z.string().min(1).max(1000),
    /** Recorded on this case's timeline too. */
    case_id: caseId.optional(),
  }),
  'order.hold': z.object({ actor, key: orderKey, reason: z.string().min(1).max(1000) }),
  'order.release': z.object({ actor, key: orderKey, reason: z.string().max(1000).default('') }),
  'order.cancel': z.object({ actor, key: orderKey, reason: z.string().min(1).max(1000) }),
} as const;
export type CommandName = keyof typeof commandRequests;
export type CommandRequest<N extends CommandName> = z.input<(typeof commandRequests)[N]>;

/** One call a dry run would have made. Bodies are what would be sent and what the last attempt sent, as text. */
export const plannedCall = z.object({
  step: z.string(),
  system: z.string(),
  method: z.string(),
  path: z.string(),
  body: z.string(),
  sent_before: z.string().optional(),
});

export const dryRunResult = z.object({
  ok: z.boolean(),
  /** Steps passed, in order; the last is where the run ended. */
  steps: z.array(
    z.object({
      step: z.string(),
      outcome: z.enum(['passed', 'would_call', 'would_wait', 'would_skip', 'problem', 'unknown']),
      note: z.string(),
    }),
  ),
  calls: z.array(plannedCall),
  problems: z.array(caseProblem),
  canonical: z.unknown().optional(),
});
export type DryRunResult = z.infer<typeof dryRunResult>;

export const commandErrorCode = z.enum(['forbidden', 'invalid', 'not_found', 'conflict', 'refused', 'unavailable']);
/** `fields` names what is wrong by JSON Pointer into the request. */
export const commandError = z.object({
  code: commandErrorCode,
  message: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});
export type CommandError = z.infer<typeof commandError>;

export const commandReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), case: caseState.optional(), dry_run: dryRunResult.optional(), message: z.string() }),
  z.object({ ok: z.literal(false), error: commandError, case: caseState.optional() }),
]);
export type CommandReply = z.infer<typeof commandReply>;
