import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import type { Log } from '#platform/log.ts';
import { isOutage } from '../outage.ts';
import { type ItemOutcome, outcomeOf, replayItem, type ReplayItemOptions } from './replay-item.ts';
import type { Trial, TrialResult } from './trial.ts';

export interface AttemptOptions extends ReplayItemOptions {
  trial: Trial;
  log: Log;
}

/** Tries one case. One that cannot be tried because of a defect says so, and does not stop the others. */
export async function tryItem(
  item: RepairItem,
  repair: RepairRun['repair'],
  options: AttemptOptions,
): Promise<TrialResult> {
  try {
    return await options.trial.run(item, repair);
  } catch (error) {
    return { ...defect(item, error, 'not_cured', options.log), systems: [] };
  }
}

/** Tells one case to replay, with the same care. */
export async function tellItem(item: RepairItem, run: RepairRun, options: AttemptOptions): Promise<ItemOutcome> {
  try {
    return await replayItem(item, run, options);
  } catch (error) {
    const failed = defect(item, error, 'refused', options.log);
    const current = await options.cases.get(item.case_id);
    // Told before it failed: the sweeper carries the replay into the transaction.
    return current?.state.repair_run === run.run_id ? outcomeOf(current.state, run) : failed;
  }
}

/** @throws the error itself where something is out that comes back. */
function defect(item: RepairItem, error: unknown, outcome: 'not_cured' | 'refused', log: Log): ItemOutcome {
  if (isOutage(error)) throw error;
  log.error({ err: error, run: item.run_id, case_id: item.case_id }, 'a case could not be repaired');
  const message = `Syncline could not do this: ${error instanceof Error ? error.message : String(error)}`;
  return { outcome, message: message.slice(0, 2000) };
}
