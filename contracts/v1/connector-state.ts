import { z } from 'zod';
import { instant, slug } from './primitives.ts';

export const breakerState = z.enum(['closed', 'open', 'half_open', 'paused', 'draining', 'maintenance']);
export type BreakerState = z.infer<typeof breakerState>;

/**
 * What the engine last knew of a connector, in KV bucket CONNECTORS under the connector's id. Backlog of a connector =
 * pending + in_flight + waiting.
 */
export const connectorState = z.object({
  id: slug,
  /**
   * paused: by a person. maintenance: a declared or planned window runs. In both, as with open, nothing is pulled.
   * draining: what was on its queue when a person said so is sent, and then it is paused.
   */
  state: breakerState,
  /** Messages in its work queue that nobody works on yet. */
  pending: z.int().nonnegative(),
  /** Those that the engine works on. */
  in_flight: z.int().nonnegative(),
  /** Retries on the waiting list. */
  waiting: z.int().nonnegative(),
  /** When the next of them is due; empty where none waits, absent from older writers. */
  next_due_at: z.union([z.literal(''), instant]).optional(),
  /** When the oldest of them was enqueued; empty where there is none. */
  oldest_at: z.union([z.literal(''), instant]),
  /** The same of work that is not in the bulk class: how long live traffic waits; absent from older writers. */
  live_oldest_at: z.union([z.literal(''), instant]).optional(),
  /**
   * Calls made a second, over the last minute, by the replica that says this: those of its queue, and its polls, comparisons
   * and dry runs. One message may take several.
   */
  rate_per_s: z.number().nonnegative(),
  updated_at: instant,
});
export type ConnectorState = z.infer<typeof connectorState>;
