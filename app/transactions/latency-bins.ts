const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Where the bins of a latency distribution begin, in milliseconds: round durations, about evenly apart on a log scale. */
export const binStarts: readonly number[] = [
  ...[0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 700],
  ...[1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 45].map((value) => value * second),
  ...[1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 45].map((value) => value * minute),
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 18].map((value) => value * hour),
  ...[1, 1.5, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365].map((value) => value * day),
];

/** End of the bin that begins at `start`, not included; the last one has none. */
export const binEnd = (start: number): number | undefined => binStarts[binStarts.indexOf(start) + 1];
