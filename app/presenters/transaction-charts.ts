import { binEnd, binStarts } from '#app/transactions/latency-bins.ts';
import { narrowed, spanText } from '#app/transactions/paths.ts';
import type { TimeRange } from '#app/time-range.ts';
import type { BreakdownRow } from './transaction-facets.ts';

export interface TimeBar {
  /** Part of the window that the bar counts, [from, to). */
  from: string;
  to: string;
  well: number;
  troubled: number;
  /** The bucket is longer than the part of it that is counted: it still runs, or began before the window. */
  open: boolean;
  path: string;
}

/** One bar a bucket of the window, whose sum is all that the window holds. Pure. */
export function presentTimeBars(rows: readonly BreakdownRow[], range: TimeRange, search: URLSearchParams): TimeBar[] {
  const counts = new Map(rows.flatMap((row) => (row.counted === 'time' ? [[Number(row.value) * 1_000, row]] : [])));
  const [from, to, step] = [Date.parse(range.from), Date.parse(range.to), range.bucketSeconds * 1_000];
  const bars: TimeBar[] = [];
  for (let start = Math.floor(from / step) * step; start < to; start += step) {
    const row = counts.get(start);
    const part = {
      from: new Date(Math.max(start, from)).toISOString(),
      to: new Date(Math.min(start + step, to)).toISOString(),
    };
    bars.push({
      ...part,
      well: (row?.transactions ?? 0) - (row?.troubled ?? 0),
      troubled: row?.troubled ?? 0,
      open: start < from || start + step > to,
      path: narrowed(search, { only: { range: 'custom', ...part } }),
    });
  }
  return bars;
}

export interface LatencyBar {
  /** Milliseconds, [least, below). */
  least: number;
  below: number | undefined;
  well: number;
  troubled: number;
  path: string;
}

/** One bar a bin, from the first that counts something to the last. Pure. */
export function presentLatencyBars(rows: readonly BreakdownRow[], search: URLSearchParams): LatencyBar[] {
  const counts = new Map(rows.flatMap((row) => (row.counted === 'latency' ? [[Number(row.value), row]] : [])));
  const first = binStarts.findIndex((start) => counts.has(start));
  const last = binStarts.findLastIndex((start) => counts.has(start));
  if (first === -1) return [];
  return binStarts.slice(first, last + 1).map((least) => {
    const row = counts.get(least);
    const below = binEnd(least);
    return {
      least,
      below,
      well: (row?.transactions ?? 0) - (row?.troubled ?? 0),
      troubled: row?.troubled ?? 0,
      path: narrowed(search, { only: { latency: spanText(least, below) } }),
    };
  });
}
