import { instantParam } from './columns.ts';
import { stepTarget } from './step-target.ts';

/** Open and past its deadline: what "late" means on every page. An order that nothing is due of any more is not late. */
export const late = `(is_open AND ifNull(deadline < ${instantParam('now')}, 0))`;
/** Open and past its deadline, or no step for longer than its next step's target. */
export const stuck = `(is_open AND ifNull(
    deadline < ${instantParam('now')} OR dateDiff('millisecond', last_at, ${instantParam('now')}) > ${stepTarget}, 0))`;
/** Given up on by the engine: it moves no further without somebody. */
export const stopped = `(is_open AND status IN ('failed', 'quarantined'))`;
/** It had a case or a final failure: what the exception rate counts. */
export const exception = `(had_case OR had_failure)`;
/** Somebody has, or had, to see to it. */
export const trouble = `(${exception} OR ${stuck})`;
