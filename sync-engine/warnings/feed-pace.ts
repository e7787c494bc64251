import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';

/**
 * Of one hour of the week (0: Sunday 00:00 to 01:00 UTC): minutes in which the feed was looked at and those of them that
 * brought something, halved with each week so that a feed may change; in how many weeks it was looked at, and in how many
 * of them it brought something.
 */
const hour = z.object({
  looked: z.number(),
  heard: z.number(),
  weeks: z.int(),
  busy: z.int(),
  /** When the latest of these weeks' looks began, and whether it brought something. */
  at: instant,
  heard_now: z.boolean(),
});

/** How a feed usually comes, and how long it has been silent now. */
export const feedPace = z.object({
  /** The newest message's sequence in INTAKE, and when it arrived. */
  seq: z.int().nonnegative(),
  last_at: instant,
  /** When it was looked at last. */
  looked_at: instant,
  /** Minutes with something that are missing since the last message, at its usual pace, in parts of those demanded. */
  missed: z.number().nonnegative(),
  /** Minutes looked at since the last message. */
  silent: z.number().nonnegative(),
  hours: z.record(z.string(), hour),
});
export type FeedPace = z.infer<typeof feedPace>;

export interface Look {
  at: Date;
  /** The newest message of the feed at that moment. */
  newest: { seq: number; at: Date };
  /** False while nothing is expected of it: the system is paused or under maintenance. */
  expected: boolean;
}

/** Longest time that one look stands for: over a longer gap nobody looked, so nothing is known of it. */
const LONGEST_MINUTES = 2;
/** Nothing is said of a feed that was looked at for less. */
const LEAST_MINUTES = 60;

type Basis = 'hour of the week' | 'hour of the day' | 'whole time';

/** So many minutes with something must be missing before it is warned of, the less is known the more. */
const demanded: Record<Basis, number> = { 'hour of the week': 10, 'hour of the day': 30, 'whole time': 30 };
/** So many times the demanded are pressing. */
const BAD = 5;

export const hourOf = (at: Date): number => at.getUTCDay() * 24 + at.getUTCHours();

interface Usual {
  /** Share of the minutes that bring something, 0 to 1. */
  share: number;
  basis: Basis;
}

/**
 * The usual pace at a moment: of that hour of the week once it was looked at in two weeks; else of that hour of the day, once
 * looked at on two days; else of the whole time that is known. What an hour brought once alone is no habit.
 */
export function usualPace(hours: FeedPace['hours'], at: Date): Usual {
  const now = hourOf(at);
  const known = Object.entries(hours).map(([index, of]) => ({ index: Number(index), ...of }));
  const sameHour = known.filter(({ index }) => index === now);
  if (sum(sameHour, 'weeks') >= 2) return { share: habit(sameHour), basis: 'hour of the week' };
  const sameTime = known.filter(({ index }) => index % 24 === now % 24);
  if (sum(sameTime, 'weeks') >= 2) return { share: habit(sameTime), basis: 'hour of the day' };
  return { share: shareOf(known), basis: 'whole time' };
}

type Known = FeedPace['hours'][string];
const sum = (known: readonly Known[], field: 'looked' | 'heard' | 'weeks' | 'busy') =>
  known.reduce((total, one) => total + one[field], 0);
const shareOf = (known: readonly Known[]) => {
  const looked = sum(known, 'looked');
  return looked === 0 ? 0 : Math.min(1, sum(known, 'heard') / looked);
};

const habit = (known: readonly Known[]) => (sum(known, 'busy') >= 2 ? shareOf(known) : 0);

/** A feed that was never looked at before. */
export const newPace = ({ at, newest }: Look): FeedPace => ({
  seq: newest.seq,
  last_at: newest.at.toISOString(),
  looked_at: at.toISOString(),
  missed: 0,
  silent: 0,
  hours: {},
});

/** What is known after one more look. Pure. */
export function afterLook(pace: FeedPace, look: Look): FeedPace {
  // A stream that is made anew counts from 1 again: then the time tells.
  const heard = look.newest.seq > pace.seq || look.newest.at > new Date(pace.last_at);
  const minutes = Math.min((look.at.getTime() - Date.parse(pace.looked_at)) / 60_000, LONGEST_MINUTES);
  const next = {
    ...pace,
    looked_at: look.at.toISOString(),
    ...(heard ? { seq: look.newest.seq, last_at: look.newest.at.toISOString() } : {}),
    ...(heard || !look.expected ? { missed: 0, silent: 0 } : {}),
  };
  if (!look.expected || minutes <= 0) return next;
  const hours = () => learned(pace.hours, look.at, minutes, heard);
  if (heard) return { ...next, hours: hours() };
  const grown = { ...next, ...longer(pace, look.at, minutes) };
  const judged = judge(pace, look.at);
  // A silence that breaks a habit does not become one.
  const isTrouble = judged.state === 'silent' && judged.basis === 'hour of the week';
  return isTrouble ? grown : { ...grown, hours: hours() };
}

/** A silence goes on. What is known of the whole time is no pattern: something that came for an hour may have been all. */
function longer(pace: FeedPace, at: Date, minutes: number): Pick<FeedPace, 'missed' | 'silent'> {
  const { share, basis } = usualPace(pace.hours, at);
  const silent = pace.silent + minutes;
  const missed = pace.missed + (share * minutes) / demanded[basis];
  return { silent, missed: basis === 'whole time' ? Math.min(missed, (share * silent) / demanded[basis]) : missed };
}

function learned(hours: FeedPace['hours'], at: Date, minutes: number, heard: boolean): FeedPace['hours'] {
  const index = String(hourOf(at));
  const before = hours[index];
  const visit = before !== undefined && at.getTime() - Date.parse(before.at) < 3_600_000;
  const kept = visit ? 1 : 0.5;
  const heardBefore = visit && before.heard_now;
  return {
    ...hours,
    [index]: {
      looked: (before?.looked ?? 0) * kept + minutes,
      heard: (before?.heard ?? 0) * kept + (heard ? minutes : 0),
      weeks: (before?.weeks ?? 0) + (visit ? 0 : 1),
      busy: (before?.busy ?? 0) + (heard && !heardBefore ? 1 : 0),
      at: visit ? before.at : at.toISOString(),
      heard_now: heard || heardBefore,
    },
  };
}

export type Judgement =
  | { state: 'well' }
  /** It was not looked at for long enough to have a usual pace. */
  | { state: 'unknown'; looked: number }
  | ({ state: 'silent'; bad: boolean } & Usual);

/**
 * Is a feed silent far beyond its own pace? Once so many minutes are missing that would have brought something that chance
 * no longer explains it: 10 where the hour of the week is known, 30 where it is not. Pure.
 */
export function judge({ hours, missed }: FeedPace, at: Date): Judgement {
  const looked = sum(Object.values(hours), 'looked');
  if (looked < LEAST_MINUTES) return { state: 'unknown', looked };
  const usual = usualPace(hours, at);
  if (missed < 1) return { state: 'well' };
  return { state: 'silent', bad: missed >= BAD, ...usual };
}
