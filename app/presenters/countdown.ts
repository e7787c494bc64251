import { formatDuration } from '#app/format.ts';
import type { Condition } from '#app/components/status-mark.tsx';

export interface Countdown {
  /** "12 min left", "late by 3 h 5 min", "no deadline" */
  word: string;
  condition: Condition;
}

const minuteMs = 60_000;

/**
 * How a deadline stands. Below a quarter of an hour it warns; one that has passed says by how much.
 * @param deadline RFC 3339, or empty where none is in force (finished, or without an SLA)
 * @param now milliseconds since 1970
 */
export function countdown(deadline: string, now: number): Countdown {
  if (deadline === '') return { word: 'no deadline', condition: 'none' };
  const left = Date.parse(deadline) - now;
  if (left < 0) return { word: `late by ${formatDuration(wholeSeconds(-left))}`, condition: 'bad' };
  return { word: `${formatDuration(wholeSeconds(left))} left`, condition: left < 15 * minuteMs ? 'warn' : 'good' };
}

/** A countdown never shows fractions of a second. */
function wholeSeconds(ms: number): number {
  return Math.max(10_000, Math.floor(ms / 1_000) * 1_000);
}
