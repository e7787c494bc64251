/** The time range every page shares, kept in the URL: `?range=1h` or `?range=custom&from=…&to=…`. */
export const rangeIds = ['live', '15m', '1h', '24h', '7d'] as const;
export type RangeId = (typeof rangeIds)[number] | 'custom';

const minute = 60_000;
const spans: Record<(typeof rangeIds)[number], number> = {
  live: 30 * minute,
  '15m': 15 * minute,
  '1h': 60 * minute,
  '24h': 24 * 60 * minute,
  '7d': 7 * 24 * 60 * minute,
};

export const rangeLabels: Record<RangeId, string> = {
  live: 'Live',
  '15m': '15 m',
  '1h': '1 h',
  '24h': '24 h',
  '7d': '7 d',
  custom: 'Custom',
};

/** Half-open window [from, to) with the length of a chart's bucket. */
export interface TimeRange {
  id: RangeId;
  /** UTC instants with milliseconds. */
  from: string;
  to: string;
  bucketSeconds: number;
  /** "the last 30 minutes", for definitions beside figures. */
  words: string;
}

const words: Record<RangeId, string> = {
  live: 'the last 30 minutes',
  '15m': 'the last 15 minutes',
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  custom: 'the chosen time',
};

/** Buckets of whole minutes, few enough to draw: 30 to 90 of them in the named ranges. */
function bucketOf(spanMs: number, most = 100): number {
  const steps = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400];
  return steps.find((seconds) => spanMs / 1_000 / seconds <= most) ?? 86_400;
}

/** Milliseconds since the epoch of an instant in an address; NaN for what is none, or none that a column could hold. */
export function timeOf(text: string | null): number {
  const at = Date.parse(text ?? '');
  return at >= 0 && at < Date.UTC(2299, 0) ? at : NaN;
}

/** Reads the range of an address. What is missing or makes no sense becomes `live`. Windows end at the running second. */
export function readTimeRange(search: URLSearchParams, now: Date): TimeRange {
  const wanted = search.get('range') ?? 'live';
  if (wanted === 'custom') {
    const [from, to] = [timeOf(search.get('from')), timeOf(search.get('to'))];
    if (from < to) return range('custom', from, to);
  }
  const id = rangeIds.find((known) => known === wanted) ?? 'live';
  const to = Math.floor(now.getTime() / 1_000) * 1_000;
  return range(id, to - spans[id], to);
}

function range(id: RangeId, from: number, to: number): TimeRange {
  return {
    id,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    bucketSeconds: bucketOf(to - from),
    words: words[id],
  };
}

/** The same window in at most so many buckets, where each needs more room than a bar. */
export function inBuckets(range: TimeRange, most: number): TimeRange {
  return { ...range, bucketSeconds: bucketOf(Date.parse(range.to) - Date.parse(range.from), most) };
}

/** The window of equal length just before, for "against the period before". */
export function periodBefore({ from, to }: Pick<TimeRange, 'from' | 'to'>): { from: string; to: string } {
  const length = Date.parse(to) - Date.parse(from);
  return { from: new Date(Date.parse(from) - length).toISOString(), to: from };
}

/** The range's part of an address, to carry it to another page: "?range=1h", or nothing for `live`. */
export function rangeSearch(search: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of ['range', 'from', 'to']) {
    const value = search.get(name);
    if (value !== null) kept.set(name, value);
  }
  const text = kept.toString();
  return text && `?${text}`;
}
