import type { RepairOutcome, RepairRun, RepairRunStatus } from '#contracts/v1/repair.ts';
import type { StateWords } from './repairs.ts';

const statuses: Record<RepairRunStatus, StateWords> = {
  listing: { word: 'its list is being made', condition: 'info' },
  trying: { word: 'trying, nothing is sent', condition: 'info' },
  tried: { word: 'tried, not started', condition: 'warn' },
  replaying: { word: 'replaying', condition: 'info' },
  paused: { word: 'paused', condition: 'warn' },
  aborted: { word: 'aborted', condition: 'none' },
  done: { word: 'done', condition: 'good' },
};

/** Where a run is, by word and shape. */
export const repairStatusWords = (status: RepairRunStatus): StateWords => statuses[status];

const outcomes: Record<RepairOutcome, StateWords> = {
  pending: { word: 'not tried yet', condition: 'none' },
  would_cure: { word: 'would be cured', condition: 'info' },
  cannot_know: { word: 'cannot be known', condition: 'warn' },
  not_cured: { word: 'not cured', condition: 'bad' },
  changed: { word: 'changed meanwhile', condition: 'warn' },
  replaying: { word: 'replaying', condition: 'info' },
  resolved: { word: 'resolved', condition: 'good' },
  stopped_later: { word: 'went on, stopped again later', condition: 'warn' },
  failed_again: { word: 'failed again', condition: 'bad' },
  awaits_approval: { word: 'awaits approval', condition: 'warn' },
  held: { word: 'held', condition: 'warn' },
  refused: { word: 'refused', condition: 'bad' },
  left_out: { word: 'left as it was', condition: 'none' },
};

/** What became of one case in a run, by word and shape. */
export const repairOutcomeWords = (outcome: RepairOutcome): StateWords => outcomes[outcome];

/** The order in which outcomes are told: what ended well first, what needs somebody last. */
export const outcomesInOrder: readonly RepairOutcome[] = [
  'resolved',
  'replaying',
  'would_cure',
  'cannot_know',
  'pending',
  'awaits_approval',
  'held',
  'stopped_later',
  'changed',
  'left_out',
  'refused',
  'not_cured',
  'failed_again',
];

/** Cases that got past the step where they had stopped. */
export const wentOn = ({ counts }: Pick<RepairRun, 'counts'>): number =>
  (counts.resolved ?? 0) + (counts.stopped_later ?? 0);

/** Cases a start would replay: tried, and not ruled out. */
export const toReplay = ({ counts }: Pick<RepairRun, 'counts'>): number =>
  (counts.would_cure ?? 0) + (counts.cannot_know ?? 0);
