import { z } from 'zod';
import { instant } from './primitives.ts';
import { repair, repairId } from './repair.ts';
import { ruleScope } from './repair-rule.ts';

/** What is to change: a mapping, a rule, or the estate file (its text), which is where connectors are set up. */
export const shadowChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('repair'), repair, scope: ruleScope.optional() }),
  z.object({ kind: z.literal('estate'), yaml: z.string().min(1).max(500_000) }),
]);
export type ShadowChange = z.infer<typeof shadowChange>;

/** Payloads whose outcome differs in the same way. */
export const shadowDifference = z.object({
  /** Where the first difference lies: a step, or `canonical` for the order itself. */
  step: z.string().max(64),
  /** JSON Pointer with `*` for any index; empty where the outcome itself differs. */
  path: z.string().max(500),
  /** JSON text of the value, empty where there was none; of what a step does or says, words. */
  before: z.string().max(1000),
  after: z.string().max(1000),
  payloads: z.int().positive(),
  /** Some of them, by transaction key. */
  examples: z.array(z.string().max(300)).max(10),
});
export type ShadowDifference = z.infer<typeof shadowDifference>;

/** A trial of a change on the last real payloads, without effects; on `repairs.shadow.<id>`. */
export const shadowRun = z.object({
  v: z.literal(1),
  event_id: z.string().min(1).max(120),
  shadow_id: repairId,
  revision: z.int().positive(),
  status: z.enum(['running', 'done', 'failed', 'aborted']),
  change: shadowChange,
  /** The latest orders that are tried: those between two sequences of INTAKE, both inclusive; absent where there are none. */
  latest: z.object({ first_seq: z.int().positive(), last_seq: z.int().positive() }).optional(),
  /** Orders tried beside those, which cases named. `refused`: an outside system stopped it, which no trial can see. */
  cases: z
    .array(z.object({ seq: z.int().positive(), refused: z.boolean() }))
    .max(500)
    .optional(),
  created_by: z.string().max(200),
  created_at: instant,
  updated_at: instant,
  /** Payloads to try, and those tried, which came out the same, differ, or could not be tried. */
  wanted: z.int().nonnegative(),
  tried: z.int().nonnegative(),
  same: z.int().nonnegative(),
  different: z.int().nonnegative(),
  unknown: z.int().nonnegative(),
  differences: z.array(shadowDifference).max(200),
  /** Of a rule: orders that stop with its cause and would still stop, by why; `before` is the stop, `after` the reason. */
  not_cured: z.array(shadowDifference).max(50).optional(),
  message: z.string().max(1000),
  writer: z.string().max(64),
});
export type ShadowRun = z.infer<typeof shadowRun>;
