import { z } from 'zod';
import type { Estate } from '#contracts/v1/estate.ts';

/** The estate's SLA, one target a line: the tier it is of, and milliseconds after the order was placed. */
export const stepTargetParams = {
  target_tiers: z.array(z.string()),
  targets_ms: z.array(z.number()),
};

export function stepTargetsOf({ sla }: Pick<Estate, 'sla'>): z.input<z.ZodObject<typeof stepTargetParams>> {
  const targets = Object.entries(sla).flatMap(([tier, milestones]) =>
    Object.values(milestones).map((seconds) => ({ tier, ms: seconds * 1_000 })),
  );
  return { target_tiers: targets.map(({ tier }) => tier), targets_ms: targets.map(({ ms }) => ms) };
}

/** From when the order was placed until its next milestone is due. */
const untilDue = `dateDiff('millisecond', occurred_at, deadline)`;

/** What is due of it, less the latest of the earlier milestones that the condition leaves. */
const sinceMilestone = (condition: string) => `(${untilDue} - arrayMax(arrayConcat([toInt64(0)], arrayFilter(
    (target, of) -> ${condition} AND target < ifNull(${untilDue}, 0),
    {targets_ms:Array(Int64)}, {target_tiers:Array(String)}))))`;

/**
 * SQL: how long the next step of a transaction may take, in milliseconds; NULL where nothing is due of it. The SLA counts
 * from when the order was placed, so a step's own target is what lies between the milestone it leads to (the deadline its
 * latest event states) and the milestone before that, in the order's tier. Orders without a tier are held to the standard.
 */
export const stepTarget = sinceMilestone(`of = if(has({target_tiers:Array(String)}, tier), tier, 'standard')`);

/** SQL: the same where one row of several may not know the tier: never more than it turns out to be. */
export const leastStepTarget = sinceMilestone(
  `(tier = '' OR of = if(has({target_tiers:Array(String)}, tier), tier, 'standard'))`,
);
