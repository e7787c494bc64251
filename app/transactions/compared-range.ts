import { periodBefore, timeOf, type TimeRange } from '#app/time-range.ts';

/** What a window is compared with. */
export const comparisons = ['before', 'week', 'custom'] as const;
export type Comparison = (typeof comparisons)[number];

export interface ComparedRange {
  id: Comparison;
  from: string;
  to: string;
}

const dayMs = 86_400_000;

/** Milliseconds by which a zone's clocks are ahead of UTC at an instant. */
function offsetOf(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((type) => Number(parts.find((part) => part.type === type)?.value));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
}

/** The same wall time a week earlier in the viewer's zone, also where clocks changed in between. */
export function weekBefore(instant: string, timeZone: string): string {
  const at = Date.parse(instant);
  const earlier = at - 7 * dayMs;
  return new Date(earlier + offsetOf(at, timeZone) - offsetOf(earlier, timeZone)).toISOString();
}

/** The range an address asks to compare with; undefined where it asks for none, or for one that makes no sense. */
export function readComparedRange(
  search: URLSearchParams,
  range: TimeRange,
  timeZone: string,
): ComparedRange | undefined {
  const id = comparisons.find((one) => one === search.get('compare'));
  switch (id) {
    case undefined:
      return undefined;
    case 'before':
      return { id, ...periodBefore(range) };
    case 'week':
      return { id, from: weekBefore(range.from, timeZone), to: weekBefore(range.to, timeZone) };
    case 'custom': {
      const [from, to] = [timeOf(search.get('compare_from')), timeOf(search.get('compare_to'))];
      return from < to ? { id, from: new Date(from).toISOString(), to: new Date(to).toISOString() } : undefined;
    }
  }
}
