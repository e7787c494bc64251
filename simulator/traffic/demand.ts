import type { Random } from '../random.ts';

/** Share of a day's orders by local hour, from 0; people buy at lunch and most in the evening. */
const byHour = [
  1.4, 0.9, 0.6, 0.4, 0.4, 0.7, 1.5, 2.6, 3.6, 4.4, 4.9, 5.4, 6.1, 5.7, 5.2, 5.1, 5.3, 5.7, 6.2, 7.2, 8.2, 8.0, 6.3,
  4.2,
];
const sumOfHours = byHour.reduce((sum, share) => sum + share, 0);

/** What an hour is worth against the average one, between its neighbours' values by the minute. */
export function demandFactor(at: Date, utcOffsetHours: number): number {
  const hour = (at.getUTCHours() + at.getUTCMinutes() / 60 + utcOffsetHours + 24) % 24;
  const value = (index: number) => byHour[((index % 24) + 24) % 24] ?? 0;
  const middle = hour - 0.5;
  const below = Math.floor(middle);
  const part = middle - below;
  return ((value(below) * (1 - part) + value(below + 1) * part) * 24) / sumOfHours;
}

/** Orders per second at this moment, of `perDay` orders a day. */
export const demandPerSecond = (at: Date, perDay: number, utcOffsetHours: number): number =>
  (perDay / 86_400) * demandFactor(at, utcOffsetHours);

/** Moments in [from, to) at which orders come in: a Poisson process that follows the curve, by thinning. */
export function arrivals(random: Random, from: Date, to: Date, perDay: number, utcOffsetHours: number): Date[] {
  const peak = (perDay / 86_400) * 2;
  const moments: Date[] = [];
  if (peak <= 0) return moments;
  let at = from.getTime();
  for (;;) {
    at += (-Math.log(1 - random.next()) / peak) * 1000;
    if (at >= to.getTime()) return moments;
    const moment = new Date(at);
    if (random.chance(demandPerSecond(moment, perDay, utcOffsetHours) / peak)) moments.push(moment);
  }
}
