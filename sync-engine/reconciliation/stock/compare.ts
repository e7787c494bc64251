import type { ReconciliationGroup, StockPlan } from '#contracts/v1/reconciliation.ts';

export type StockSide = StockPlan['compare'][number];

/** One item at one place, as we have it and as one other side has it. */
export interface Pair {
  side: StockSide;
  system: string;
  /** Set where the other side is a channel: what is compared is what it may offer. */
  channel: string;
  sku: string;
  location: string;
  /** What the side should have by our books, less what has left in parcels that they do not have yet (`told`). */
  ours: number;
  /** Units of such parcels; none at a first reading, which does not look for them. */
  told: number;
  /** Undefined where the side does not list the item; that counts as none. */
  theirs: number | undefined;
  /** The side was told of a newer quantity and has not confirmed it yet. */
  unconfirmed: boolean;
  /** Names the item at the other side; undefined where it does not list it. */
  ref?: string;
}

export type Verdict = 'agrees' | 'differs' | 'moving';

/** One pair is one comparison, whatever figures it has. */
export const pairKey = ({ side, system, channel, sku, location }: Pair): string =>
  [side, system, channel, sku, location].join(' ');

export const differenceOf = ({ ours, theirs }: Pick<Pair, 'ours' | 'theirs'>): number => (theirs ?? 0) - ours;

const withinTolerance = (pair: Pair, tolerance: number): boolean => Math.abs(differenceOf(pair)) <= tolerance;

/**
 * What a second reading makes of a pair that differed at the first. What is in flight (a shipment we have not heard of, a
 * publication not confirmed) moves one side between two readings, so a difference counts only where neither side moved
 * and nothing is under way that would explain it. Pure.
 */
export function judge(before: Pair, now: Pair, tolerance: number): Verdict {
  if (withinTolerance(now, tolerance)) return 'agrees';
  // The side has not heard of the parcels either, or they were booked while both were read.
  if (now.told > 0 && withinTolerance({ ...now, ours: now.ours + now.told }, tolerance)) return 'moving';
  const still = before.ours === now.ours && before.theirs === now.theirs;
  return still && !before.unconfirmed && !now.unconfirmed ? 'differs' : 'moving';
}

/**
 * Those that agree at first sight, and those that must be read again: what differs, and what differed before (`stands`),
 * which a parcel under way may make look equal.
 */
export function firstLook(
  pairs: readonly Pair[],
  tolerance: number,
  stands: (pair: Pair) => boolean,
): { agreeing: Pair[]; suspected: Pair[] } {
  const agreeing: Pair[] = [];
  const suspected: Pair[] = [];
  for (const pair of pairs) (withinTolerance(pair, tolerance) && !stands(pair) ? agreeing : suspected).push(pair);
  return { agreeing, suspected };
}

export interface Judged {
  agreeing: readonly Pair[];
  differing: readonly Pair[];
  undecided: readonly Pair[];
}

/** SKU-locations: one agrees where every side compared agrees, and is undecided where nobody differs but somebody moves. */
export function countItems({ agreeing, differing, undecided }: Judged) {
  const itemOf = ({ sku, location }: Pair) => `${sku}@${location}`;
  const wrong = new Set(differing.map(itemOf));
  const moving = new Set(undecided.map(itemOf).filter((item) => !wrong.has(item)));
  const right = new Set(agreeing.map(itemOf).filter((item) => !wrong.has(item) && !moving.has(item)));
  return { compared: wrong.size + right.size, agreeing: right.size, undecided: moving.size };
}

/** One group a side and place, with the units of what was decided. */
export function groupPairs({ agreeing, differing, undecided }: Judged): ReconciliationGroup[] {
  const groups = new Map<string, ReconciliationGroup & { unitsOurs: number; unitsTheirs: number }>();
  const groupOf = ({ side, system, channel, location }: Pair) => {
    const key = [side, system, channel, location].join(' ');
    const known = groups.get(key) ?? {
      ...{ subject: side, system, location, channel, method: '', legal_entity: '', currency: '' as const },
      ...{ compared: 0, agreeing: 0, undecided: 0, ours: '0', theirs: '0', unitsOurs: 0, unitsTheirs: 0 },
    };
    groups.set(key, known);
    return known;
  };
  const add = (pair: Pair, agrees: boolean) => {
    const group = groupOf(pair);
    group.compared++;
    if (agrees) group.agreeing++;
    group.unitsOurs += pair.ours;
    group.unitsTheirs += pair.theirs ?? 0;
  };
  for (const pair of agreeing) add(pair, true);
  for (const pair of differing) add(pair, false);
  for (const pair of undecided) groupOf(pair).undecided++;
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { unitsOurs, unitsTheirs, ...group }]) => ({
      ...group,
      ours: String(unitsOurs),
      theirs: String(unitsTheirs),
    }));
}
