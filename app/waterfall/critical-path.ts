import type { Attempt } from './bars.ts';

/** Milliseconds that one thing took on the way to the end, and the words for it. */
export interface Stretch {
  label: string;
  duration: number;
}

/**
 * The attempts that decided when a transaction got where it is: from the one that ended last, back each time to the one that
 * had ended last before it began. What ran beside them could have taken longer without changing the end.
 * @param attempts - by their start
 * @returns their ids
 */
export function criticalPath(attempts: readonly Attempt[], now: number): ReadonlySet<string> {
  const endOf = (attempt: Attempt) => attempt.end ?? now;
  const byEnd = [...attempts].sort((a, b) => endOf(a) - endOf(b) || a.event.ordinal - b.event.ordinal);
  const path = new Set<string>();
  let begins = Infinity;
  for (const attempt of byEnd.reverse()) {
    // The latest to end before the one that was found last; what took no time may end the moment it begins.
    if (endOf(attempt) > begins) continue;
    path.add(attempt.id);
    begins = attempt.start;
  }
  return path;
}

/** Like stretches together, the longest first. */
export function longestStretches(stretches: readonly Stretch[], most: number): Stretch[] {
  const sums = new Map<string, number>();
  for (const { label, duration } of stretches) sums.set(label, (sums.get(label) ?? 0) + duration);
  return [...sums]
    .map(([label, duration]) => ({ label, duration }))
    .sort((a, b) => b.duration - a.duration)
    .slice(0, most);
}
