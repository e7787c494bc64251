import type { Condition } from '#app/components/status-mark.tsx';
import type { CauseTrendRow } from '#app/queries/cause-trends.ts';

export type Trend = 'escalating' | 'regressed' | 'new' | 'known';

const HOUR_MS = 3_600_000;
/** Fewer cases in an hour are no escalation, however few there were before. */
const FEWEST = 5;
const FACTOR = 3;

/** How its cases came and went; `open_since` is when the oldest open one was opened, empty where none is open. */
type Course = Omit<CauseTrendRow, 'fingerprint'> & { open_since: string };

/** What is going on with a cause at `now`. The first that applies, of the order of `trendWords`. */
export function trendOf(row: Course, now: Date): Trend {
  const age = now.getTime() - Date.parse(row.first_at);
  const hoursBefore = Math.min(24, age / HOUR_MS - 1);
  if (hoursBefore > 0 && row.last_hour >= FEWEST) {
    // A cause that began minutes before the hour has no rate worth comparing with.
    const usual = row.day_before / Math.max(1, hoursBefore);
    if (row.last_hour > FACTOR * usual) return 'escalating';
  }
  if (row.last_cured_at !== '' && row.open_since > row.last_cured_at) return 'regressed';
  return age < 24 * HOUR_MS ? 'new' : 'known';
}

/** A trend by word and shape, with what it means exactly. */
export const trendWords: Record<Trend, { word: string; condition: Condition; definition: string }> = {
  escalating: {
    word: 'escalating',
    condition: 'bad',
    definition:
      'Five cases or more in the last hour, and more than three times the hourly mean of the 24 hours before.',
  },
  regressed: {
    word: 'regressed',
    condition: 'warn',
    definition: 'Cured before: every open case was opened after one of this cause was resolved or done outside.',
  },
  new: { word: 'new', condition: 'info', definition: 'The first case of this cause was opened in the last 24 hours.' },
  known: { word: 'known', condition: 'none', definition: 'Seen before the last 24 hours, at its usual rate.' },
};
