import type { RepairItem, RepairOutcome, RepairRun } from '#contracts/v1/repair.ts';

/** How many are replayed at once, wave after wave. */
const WAVES = [1, 2, 5, 20, 50, 100, 200] as const;
/** Up to this size one failure is one too many: nothing has been learnt yet that would excuse it. */
const CAREFUL = 20;
/** Above it, this share of a wave may fail. */
const TOLERATED = 0.05;

/** The size of the wave after one of `size`; 0 is before the first. */
export function nextWave(size: number): number {
  return WAVES.find((wave) => wave > size) ?? WAVES[WAVES.length - 1] ?? 1;
}

/** Why a run should stop and wait for a person after this wave, if it should. */
export function tooManyFailed(wave: readonly Pick<RepairItem, 'outcome' | 'message'>[]): string | undefined {
  const failed = wave.filter(({ outcome }) => outcome === 'failed_again');
  const tolerated = wave.length <= CAREFUL ? 0 : Math.floor(wave.length * TOLERATED);
  if (failed.length <= tolerated) return undefined;
  return `${failed.length} of ${wave.length} failed again: ${failed[0]?.message ?? ''}`.slice(0, 1000);
}

/** Outcomes after which a run has nothing more to do for an item. */
const SETTLED: ReadonlySet<RepairOutcome> = new Set([
  'not_cured',
  'changed',
  'resolved',
  'stopped_later',
  'failed_again',
  'refused',
  'left_out',
]);
export const isSettled = ({ outcome }: Pick<RepairItem, 'outcome'>): boolean => SETTLED.has(outcome);
/** Tried, and not ruled out. */
export const isNext = ({ outcome }: Pick<RepairItem, 'outcome'>): boolean =>
  outcome === 'would_cure' || outcome === 'cannot_know';
/** Under way: the flow has it, or whoever approves it or holds its order. */
export const isUnderWay = ({ outcome }: Pick<RepairItem, 'outcome'>): boolean => UNDER_WAY.includes(outcome);
const UNDER_WAY: readonly RepairOutcome[] = ['replaying', 'awaits_approval', 'held'];

/** Told to replay, whatever came of it. */
const isTold = ({ outcome }: Pick<RepairItem, 'outcome'>): boolean => TOLD.has(outcome);
const TOLD: ReadonlySet<RepairOutcome> = new Set(['replaying', 'held', 'resolved', 'stopped_later', 'failed_again']);

/** What a run waits for once it has told everybody, in words; empty where the flow has it. */
export function waitsFor(underWay: readonly Pick<RepairItem, 'outcome'>[]): string {
  const { awaits_approval: approvals = 0, held = 0 } = countOutcomes(underWay);
  if (approvals + held < underWay.length) return '';
  const parts = [
    ...(approvals === 0 ? [] : [`${approvals} await a second person`]),
    ...(held === 0 ? [] : [`${held} held`]),
  ];
  return `Waiting. ${parts.join(', ')}.`;
}

export function countOutcomes(items: Iterable<Pick<RepairItem, 'outcome'>>): RepairRun['counts'] {
  const counts: RepairRun['counts'] = {};
  for (const { outcome } of items) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** Is there something for the engine to do, or to follow? */
export function isActive({ status, counts }: Pick<RepairRun, 'status' | 'counts'>): boolean {
  const followed = UNDER_WAY.some((outcome) => (counts[outcome] ?? 0) > 0);
  switch (status) {
    case 'listing':
    case 'trying':
    case 'replaying':
      return true;
    case 'paused':
      return followed;
    case 'aborted':
      return followed || (counts.pending ?? 0) + (counts.would_cure ?? 0) + (counts.cannot_know ?? 0) > 0;
    case 'tried':
    case 'done':
      return false;
  }
}

/**
 * Why a run should stop after the wave that a predecessor was cut off in, as far as that came. A run that begins anew, or
 * that a person let go on, has no such wave.
 * @param items in the order of their turns.
 * @param size of the wave that was under way.
 */
export function cutOffBadly(
  run: Pick<RepairRun, 'wave'>,
  items: Iterable<{ item: RepairItem }>,
  size: number,
): string | undefined {
  if (run.wave === 0) return undefined;
  const told = [...items].flatMap(({ item }) => (isTold(item) ? [item] : []));
  return tooManyFailed(told.slice(-size));
}
