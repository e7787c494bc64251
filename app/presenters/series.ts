import type { TimeRange } from '#app/time-range.ts';

/** One bucket of a chart. `value` null: nothing was measured, which is a gap and not a zero. */
export interface Point {
  /** Start of the bucket, UTC. */
  at: string;
  value: number | null;
  /** The bucket has not ended yet. */
  open: boolean;
}

/** Starts of the buckets that begin within the range; a first part of a bucket is left out, as it would look like a fall. */
export function bucketStarts(range: Pick<TimeRange, 'from' | 'to' | 'bucketSeconds'>): number[] {
  const step = range.bucketSeconds * 1_000;
  const to = Date.parse(range.to);
  const starts: number[] = [];
  for (let at = Math.ceil(Date.parse(range.from) / step) * step; at < to; at += step) starts.push(at);
  return starts;
}

/**
 * Rows by bucket as a series without holes.
 * @param absent - value of a bucket without a row: 0 for counts, null for what cannot be measured
 */
export function seriesOf<Row extends { bucket_at: string }>(
  rows: readonly Row[],
  range: Pick<TimeRange, 'from' | 'to' | 'bucketSeconds'>,
  absent: 0 | null,
  valueOf: (row: Row) => number | null,
): Point[] {
  const byStart = new Map(rows.map((row) => [Date.parse(row.bucket_at), row]));
  const to = Date.parse(range.to);
  return bucketStarts(range).map((start) => {
    const row = byStart.get(start);
    return {
      at: new Date(start).toISOString(),
      value: row ? valueOf(row) : absent,
      open: start + range.bucketSeconds * 1_000 > to,
    };
  });
}
