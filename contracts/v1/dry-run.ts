import { z } from 'zod';
import { caseProblem } from './case.ts';

/** One call a dry run would have made. Bodies are what would be sent and what the last attempt sent, as text. */
export const plannedCall = z.object({
  step: z.string(),
  system: z.string(),
  method: z.string(),
  path: z.string(),
  body: z.string(),
  sent_before: z.string().optional(),
});

/** What a dry run found: how far the payload would get and what would be sent to whom. */
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
