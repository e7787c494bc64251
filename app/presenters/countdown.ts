import type { Tone } from '#app/words/steps.ts';

export interface Countdown {
  /** "12 min left", "late by 3 h 5 min", "no deadline" */
  word: string;
  glyph: string;
  tone: Tone;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in at most two units: 950 → "950 ms", 65_000 → "1 min 5 s", 90_000_000 → "1 d 1 h". */
export function durationWords(ms: number): string {
  const length = Math.max(0, Math.round(ms));
  if (length < second) return `${length} ms`;
  if (length < 10 * second) return `${(length / second).toFixed(1)} s`;
  if (length < minute) return `${Math.floor(length / second)} s`;
  const [big, bigWord, small, smallWord] =
    length < hour
      ? [minute, 'min', second, 's']
      : length < day
        ? [hour, 'h', minute, 'min']
        : ([day, 'd', hour, 'h'] as const);
  const rest = Math.floor((length % Number(big)) / Number(small));
  return `${Math.floor(length / Number(big))} ${bigWord}${rest === 0 ? '' : ` ${rest} ${smallWord}`}`;
}

/**
 * How a deadline stands. Below a quarter of an hour it warns; a deadline that has passed says by how much.
 * @param deadline RFC 3339, or empty where none is in force (finished, or without an SLA)
 * @param now milliseconds since 1970
 */
export function countdown(deadline: string, now: number): Countdown {
  if (deadline === '') return { word: 'no deadline', glyph: '–', tone: 'muted' };
  const left = Date.parse(deadline) - now;
  if (left < 0) return { word: `late by ${durationWords(coarse(-left))}`, glyph: '■', tone: 'bad' };
  if (left < 15 * minute) return { word: `${durationWords(coarse(left))} left`, glyph: '▲', tone: 'warn' };
  return { word: `${durationWords(coarse(left))} left`, glyph: '●', tone: 'good' };
}

/** Whole seconds, so that a countdown never shows milliseconds. */
function coarse(ms: number): number {
  return ms < 10 * second ? Math.max(second, Math.floor(ms / second) * second) : ms;
}
