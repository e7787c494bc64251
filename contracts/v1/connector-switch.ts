import { z } from 'zod';
import { instant, slug } from './primitives.ts';

/** A time in which a system will not answer, planned by a person, [from, until). Nothing is sent to it then. */
export const plannedWindow = z.object({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  from: instant,
  until: instant,
  reason: z.string().min(1).max(1000),
  planned_by: z.string().min(1).max(200),
});
export type PlannedWindow = z.infer<typeof plannedWindow>;

/** Windows of one system that may be planned at a time. */
export const MOST_WINDOWS = 20;

/**
 * What people decided about a connector, in KV bucket CONNECTOR_SWITCHES under its id; absent where nobody ever did. It holds
 * for every replica of the engine and over restarts. `changed_by`, `changed_at` and `reason` are of the last pause, drain or
 * resumption.
 */
export const connectorSwitch = z.object({
  id: slug,
  /** Nothing is sent until somebody resumes it. */
  paused: z.boolean(),
  /** Present while it drains: what was put onto its queue up to this sequence of WORK is sent, and then it is paused. */
  drain_to: z.int().nonnegative().optional(),
  /** Windows planned beside those that the estate declares. */
  windows: z.array(plannedWindow).max(MOST_WINDOWS).default([]),
  version: z.int().positive(),
  changed_by: z.string().min(1).max(200),
  changed_at: instant,
  reason: z.string().max(1000),
});
export type ConnectorSwitch = z.infer<typeof connectorSwitch>;
