import type { Condition } from '#app/components/status-mark.tsx';
import { freshnessFloor } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import { itemsAsked } from '#app/inventory/paths.ts';
import type { FreshnessCell } from '#app/queries/inventory-freshness.ts';
import type { EstateNames } from '#app/words/names.ts';
import { percent } from './live-tiles.ts';

export interface FreshnessMapCell {
  items: number;
  stale: number;
  condition: Condition;
  /** "3 stale", "12 waiting", "fresh" */
  word: string;
  /** "99.2" */
  share: string;
  /** The stale ones, or all where none is. */
  to: string;
}

const none = { items: 0, waiting: 0, stale: 0 };
type Counts = typeof none;

const plus = (sum: Counts, one: Counts): Counts => ({
  items: sum.items + one.items,
  waiting: sum.waiting + one.waiting,
  stale: sum.stale + one.stale,
});
export const sumOfCells = (cells: readonly Counts[]): Counts => cells.reduce(plus, none);

/** Share of fresh items, and how it stands. */
export function freshnessOf({ items, waiting, stale }: Counts): Pick<FreshnessMapCell, 'condition' | 'word' | 'share'> {
  const share = items === 0 ? 1 : (items - stale) / items;
  if (stale > 0)
    return {
      condition: share < freshnessFloor ? 'bad' : 'warn',
      word: `${formatNumber(stale)} stale`,
      share: percent(share),
    };
  if (waiting > 0) return { condition: 'info', word: `${formatNumber(waiting)} waiting`, share: '100' };
  return { condition: 'good', word: 'fresh', share: '100' };
}

/** Channel × location; the places that need somebody first. Pure. */
export function freshnessMap(cells: readonly FreshnessCell[], names: EstateNames, range: string) {
  const channels = [...new Set(cells.map(({ channel }) => channel))].sort();
  const byPlace = new Map<string, FreshnessCell[]>();
  for (const cell of cells) byPlace.set(cell.location, [...(byPlace.get(cell.location) ?? []), cell]);
  const cellOf = (counts: Counts, asked: { location?: string; channel?: string }): FreshnessMapCell => ({
    items: counts.items,
    stale: counts.stale,
    ...freshnessOf(counts),
    to: itemsAsked(range, { ...asked, state: counts.stale > 0 ? 'stale' : undefined }),
  });
  return {
    channels: channels.map((id) => ({ id, name: names.channels[id]?.name ?? id })),
    rows: [...byPlace]
      .map(([location, own]) => ({ location, own, sum: sumOfCells(own) }))
      .sort((a, b) => b.sum.stale - a.sum.stale || b.sum.waiting - a.sum.waiting || (a.location < b.location ? -1 : 1))
      .map(({ location, own, sum }) => ({
        location,
        name: names.locations[location] ?? location,
        all: cellOf(sum, { location }),
        cells: channels.map((channel) => {
          const cell = own.find((one) => one.channel === channel);
          return cell ? cellOf(cell, { location, channel }) : undefined;
        }),
      })),
  };
}
export type FreshnessMap = ReturnType<typeof freshnessMap>;
