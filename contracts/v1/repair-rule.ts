import { z } from 'zod';
import { instant } from './primitives.ts';
import { fingerprint } from './cause.ts';
import { repair, repairId } from './repair.ts';

/** Which arriving payloads a rule is for: those that would stop with this cause, from these channels (all where empty). */
export const ruleScope = z.object({
  fingerprint,
  channels: z.array(z.string().max(64)).max(50).default([]),
  legal_entities: z.array(z.string().max(64)).max(50).default([]),
});

/** A repair that applies to arriving payloads; each version is an event on `repairs.rule.<id>`. */
export const repairRule = z.object({
  v: z.literal(1),
  event_id: z.string().min(1).max(120),
  rule_id: repairId,
  /** Grows by one with each change. */
  version: z.int().positive(),
  name: z.string().min(1).max(100),
  /** E-mail of whoever answers for it. */
  owner: z.string().min(1).max(200),
  scope: ruleScope,
  repair,
  enabled: z.boolean(),
  /** From then on it applies no more. */
  expires_at: instant,
  changed_by: z.string().max(200),
  changed_at: instant,
  /** Everybody who made or changed it: they wrote what it makes of a payload. */
  authors: z.array(z.string().max(200)).optional(),
  reason: z.string().max(1000),
});
export type RepairRule = z.infer<typeof repairRule>;

/** The kill switch of all rules, on `repairs.rule._all`. */
export const RULES_SWITCH = '_all';
export const rulesSwitch = z.object({
  v: z.literal(1),
  event_id: z.string().min(1).max(120),
  version: z.int().positive(),
  /** False: no rule applies, whatever it says itself. */
  enabled: z.boolean(),
  changed_by: z.string().max(200),
  changed_at: instant,
  reason: z.string().max(1000),
});
export type RulesSwitch = z.infer<typeof rulesSwitch>;
