import { instantParam } from './columns.ts';
import { leastStepTarget, stepTarget } from './step-target.ts';

/** SQL: the deadline is over. What nothing is due of any more is never late. */
export const pastDeadline = (deadline = 'deadline') => `ifNull(${deadline} < ${instantParam('now')}, 0)`;
const longerThan = (target: string) => `(${pastDeadline()}
    OR ifNull(dateDiff('millisecond', last_at, ${instantParam('now')}) > ${target}, 0))`;
/**
 * SQL: an open order is past its deadline, or has had no step for longer than its next step's target. The SLA's targets are
 * those of an order's steps: in other flows a deadline alone tells.
 */
export const orderStuck = longerThan(stepTarget);
/** SQL: true of the row with the latest event of an order that is stuck, whatever its other rows say; of others too. */
export const perhapsStuck = longerThan(leastStepTarget);

/** SQL: rows `o` of `order_standing`, their greatest `stands` being `latest`, are of an order under way; backfill is not counted. */
export const underWay = `max(o.closed) = 0 AND max(o.origin) != 'backfill'
        AND NOT (latest.step IN ('validate', 'channel_update_received') AND latest.status = 'skipped')`;

/** Open and past its deadline: what "late" means on every page. */
export const late = `(is_open AND ${pastDeadline()})`;
/** Open and past its deadline, or no step for longer than its next step's target: what "stuck" means on every page. */
export const stuck = `(is_open AND if(flow = 'order_to_cash', ${orderStuck}, ${pastDeadline()}))`;
/** Given up on by the engine: it moves no further without somebody. */
export const stopped = `(is_open AND status IN ('failed', 'quarantined'))`;
/** It had a case or a final failure: what the exception rate counts. */
export const exception = `(had_case OR had_failure)`;
/** Somebody has, or had, to see to it. */
export const trouble = `(${exception} OR ${stuck})`;
