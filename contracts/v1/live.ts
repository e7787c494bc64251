import { z } from 'zod';
import { instant } from './primitives.ts';

/** What ingest announces on `live.nudge` after blocks landed: never data, only what changed. */
export const nudge = z.object({
  at: instant,
  /** Highest stream sequence of STEPS that is visible in ClickHouse. */
  stream_seq: z.int().nonnegative(),
  topics: z.array(z.enum(['steps', 'cases', 'rejected'])),
  flows: z.array(z.string()),
  /** Transaction keys touched, up to 200; `more` says that there were others. */
  keys: z.array(z.string()),
  more: z.boolean(),
});
export type Nudge = z.infer<typeof nudge>;
