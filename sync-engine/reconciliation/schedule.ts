import { Cron } from 'croner';
import type { FinancePlan, OrdersPlan, ReconciliationPlan } from '#contracts/v1/reconciliation.ts';

const DAY_MS = 86_400_000;
/** Events are read back this far at most: what is older has left the stream. */
const FARTHEST_MS = 28 * DAY_MS;

type Scheduled = Pick<ReconciliationPlan, 'id' | 'schedule' | 'time_zone'>;

const cronOf = ({ id, schedule, time_zone }: Scheduled): Cron => {
  try {
    return new Cron(schedule, { timezone: time_zone, paused: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The schedule of the reconciliation "${id}" cannot be understood: ${why}`, { cause: error });
  }
};

/** @throws Error naming a plan whose schedule or time zone cannot be understood; the start stops with it. */
export function demandSchedules(plans: readonly Scheduled[], now: Date): void {
  for (const plan of plans) cronOf(plan).nextRun(now);
}

/**
 * The moment of the schedule that is to be run now: the latest that has come since `since`. However many were missed
 * while nobody was there, that is one.
 */
export function dueAt(plan: Scheduled, since: Date, now: Date): Date | undefined {
  const [latest] = cronOf(plan).previousRuns(1, now);
  return latest !== undefined && latest > since && latest <= now ? latest : undefined;
}

export interface Period {
  from: Date;
  to: Date;
}

/**
 * Which orders are looked for: from a little before where the last complete run ended, so that one the channel listed late
 * is found as well. Nothing from before the plan was declared, when orders went another way.
 */
export function orderPeriodOf(plan: OrdersPlan, due: Date, covered: Date | undefined, declared: Date): Period {
  const to = new Date(due.getTime() - plan.grace_s * 1000);
  const from = Math.max((covered ?? declared).getTime() - plan.overlap_s * 1000, declared.getTime());
  return { from: new Date(Math.min(Math.max(from, to.getTime() - FARTHEST_MS), to.getTime())), to };
}

/**
 * What a comparison of money covers: from where the last complete one ended, so that what was missed is caught up. One
 * that a person asked for covers the last day at the least: what was changed since is found then.
 */
export function periodOf(plan: FinancePlan, due: Date, covered: Date | undefined, asked = false): Period {
  const to = new Date(due.getTime() - plan.lag_s * 1000);
  const usual = new Date(to.getTime() - DAY_MS);
  const from = covered === undefined || covered >= to || (asked && covered > usual) ? usual : covered;
  return { from: new Date(Math.max(from.getTime(), to.getTime() - FARTHEST_MS)), to };
}
