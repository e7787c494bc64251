import type { ChangeKind, SkuPosition, StockBucket } from '#app/queries/stock-changes.ts';
import type { TimeRange } from '#app/time-range.ts';
import type { EstateNames } from '#app/words/names.ts';
import { type Point, seriesOf } from './series.ts';

/** Lines that can be told apart. */
const LINES = 6;

/** What a bucket without a change ended with is what the one before ended with. */
function carried(points: readonly Point[], before: number | null): Point[] {
  let known = before;
  return points.map((point) => ({ ...point, value: (known = point.value ?? known) }));
}

/**
 * On hand by location, of those that hold most. Pure.
 * @param before - how each location stood when the first bucket began
 */
export function onHandSeries(
  buckets: readonly StockBucket[],
  before: readonly SkuPosition[],
  now: readonly SkuPosition[],
  range: TimeRange,
  names: EstateNames,
) {
  return [...now]
    .sort((a, b) => b.on_hand - a.on_hand || (a.location < b.location ? -1 : 1))
    .slice(0, LINES)
    .map(({ location }, index) => ({
      id: location,
      name: names.locations[location] ?? location,
      colour: `category-${index + 1}`,
      points: carried(
        seriesOf(
          buckets.filter((one) => one.location === location && one.changes > 0),
          range,
          null,
          ({ on_hand }) => on_hand,
        ),
        before.find((one) => one.location === location)?.on_hand ?? null,
      ),
    }));
}

/** What `activitySeries` counts; its drill leads to events of these kinds. */
export const activityKinds = ['changed', 'published', 'superseded'] as const satisfies readonly ChangeKind[];

/** Changes, publications and superseded updates of all locations. Pure. */
export function activitySeries(buckets: readonly StockBucket[], range: TimeRange) {
  const byBucket = new Map<string, StockBucket>();
  for (const one of buckets) {
    const sum = byBucket.get(one.bucket_at);
    byBucket.set(one.bucket_at, {
      ...one,
      changes: one.changes + (sum?.changes ?? 0),
      published: one.published + (sum?.published ?? 0),
      superseded: one.superseded + (sum?.superseded ?? 0),
    });
  }
  const rows = [...byBucket.values()];
  return [
    {
      id: 'changes',
      name: 'Stock changed',
      colour: 'category-1',
      points: seriesOf(rows, range, 0, (one) => one.changes),
    },
    {
      id: 'published',
      name: 'Channel told',
      colour: 'category-2',
      points: seriesOf(rows, range, 0, (one) => one.published),
    },
    {
      id: 'superseded',
      name: 'Superseded',
      colour: 'category-3',
      points: seriesOf(rows, range, 0, (one) => one.superseded),
    },
  ];
}
