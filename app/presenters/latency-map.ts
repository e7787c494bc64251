import type { Condition } from '#app/components/status-mark.tsx';
import { changesAsked, rangeOf } from '#app/inventory/paths.ts';
import type { PlaceLatency } from '#app/queries/publication-latency.ts';
import type { TimeRange } from '#app/time-range.ts';
import type { EstateNames } from '#app/words/names.ts';
import { bucketStarts } from './series.ts';

export interface LatencyMapCell {
  at: string;
  publications: number;
  p95: number;
  condition: Condition;
  to: string;
}

/** Columns of the map: as many as may each be a target of 24 px on a desk's screen. */
export const mostColumns = 40;

/** Location × time: the 95th percentile of publication latency, the slowest places first. Pure. */
export function latencyMap(rows: readonly PlaceLatency[], range: TimeRange, targetMs: number, names: EstateNames) {
  const starts = bucketStarts(range);
  const byPlace = new Map<string, Map<number, PlaceLatency>>();
  for (const row of rows) {
    const place = byPlace.get(row.location) ?? new Map<number, PlaceLatency>();
    byPlace.set(row.location, place.set(Date.parse(row.bucket_at), row));
  }
  const end = Date.parse(range.to);
  const cellOf = (location: string, start: number, row: PlaceLatency): LatencyMapCell => ({
    at: new Date(start).toISOString(),
    publications: row.publications,
    p95: row.p95,
    condition: row.p95 <= targetMs ? 'good' : row.p95 <= 4 * targetMs ? 'warn' : 'bad',
    to: changesAsked(
      rangeOf(
        new Date(start).toISOString(),
        new Date(Math.min(end, start + range.bucketSeconds * 1_000)).toISOString(),
      ),
      { kind: 'published', location },
    ),
  });
  return {
    bucketSeconds: range.bucketSeconds,
    starts: starts.map((start) => new Date(start).toISOString()),
    rows: [...byPlace]
      .map(([location, place]) => ({
        location,
        name: names.locations[location] ?? location,
        worst: Math.max(...[...place.values()].map(({ p95 }) => p95)),
        cells: starts.map((start) => {
          const row = place.get(start);
          return row && cellOf(location, start, row);
        }),
      }))
      .sort((a, b) => b.worst - a.worst || (a.location < b.location ? -1 : 1)),
  };
}
export type LatencyMap = ReturnType<typeof latencyMap>;
