import { z } from 'zod';
import { type Estate, type System, systemMode } from './estate.ts';
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

/** Whether anything is sent to a system, as somebody decided while Syncline ran. */
export const modeDecision = z.object({
  mode: systemMode,
  /** Of going live: calls that were passed over while it was observed, as whoever decided was told. Nobody sends them later. */
  passed_over: z.int().nonnegative().optional(),
  changed_by: z.string().min(1).max(200),
  changed_at: instant,
  reason: z.string().min(1).max(1000),
});
export type ModeDecision = z.infer<typeof modeDecision>;

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
  /** Absent: the mode that the estate file gives. */
  mode: modeDecision.optional(),
  version: z.int().positive(),
  changed_by: z.string().min(1).max(200),
  changed_at: instant,
  reason: z.string().max(1000),
});
export type ConnectorSwitch = z.infer<typeof connectorSwitch>;

/** The estate as it stands: its file gives the modes systems begin with, people's decisions those they have. */
export function standing(estate: Estate, decided: (id: string) => ConnectorSwitch | undefined): Estate {
  const mode = (system: System) => decided(system.id)?.mode?.mode ?? system.mode;
  return { ...estate, systems: estate.systems.map((system) => ({ ...system, mode: mode(system) })) };
}
