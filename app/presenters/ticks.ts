const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [
  10,
  20,
  50,
  100,
  200,
  500,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
];

/** Round marks for an axis of milliseconds, from 0 to at least `most`, four steps at most where a day is enough. */
export function durationTicks(most: number): number[] {
  const step = steps.find((one) => most / one <= 4) ?? Math.ceil(most / 4 / (24 * hour)) * 24 * hour;
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** Whole marks for an axis of counts or rates, from 0 to at least `most`, five steps at most: 1, 2 or 5 times a power of ten. */
export function countTicks(most: number): number[] {
  let step = 1;
  while (most / step > 5) step *= String(step).startsWith('2') ? 2.5 : 2;
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
