const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface RetrySchedule {
  /** Pauses after the first, second, … attempt, in milliseconds; after the last one it is given up. */
  pausesMs: readonly number[];
  /** An endpoint that has failed for this long is disabled. */
  disableAfterMs: number;
  /** So many attempts failed one after another: the endpoint is down, and only probed. */
  downAfter: number;
}

/** About five days, as Standard Webhooks recommends: close together at first, then hours apart. */
export const defaultSchedule: RetrySchedule = {
  pausesMs: [5_000, 30_000, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS].concat(
    [20, 24, 24].map((hours) => hours * HOUR_MS),
  ),
  disableAfterMs: 5 * 24 * HOUR_MS,
  downAfter: 5,
};

const LONGEST_ASKED_MS = 24 * HOUR_MS;

/**
 * Until the next attempt, in milliseconds; undefined where there is none. Between the pause and a quarter more, so that what
 * failed together does not come back together; never before the endpoint's own Retry-After.
 */
export function pauseAfter(
  attempt: number,
  retryAfterMs: number | undefined,
  { pausesMs }: RetrySchedule,
  random: () => number,
): number | undefined {
  const pause = pausesMs[attempt - 1];
  if (pause === undefined) return undefined;
  return Math.round(Math.max(pause * (1 + random() / 4), Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS)));
}
