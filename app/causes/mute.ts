import type { CauseMute } from '#contracts/v1/cause.ts';

/** Cases of a cause that were opened since it was muted. */
export interface OpenedSince {
  /** How many. */
  opened: number;
  /** The most of them within any one hour. A burst that is over has ended the mute all the same. */
  busiest_hour: number;
}

export const noneOpened: OpenedSince = { opened: 0, busiest_hour: 0 };

/**
 * Does a mute hold at `now`? One until a date ends at that instant, however many cases come; one until N more cases ends
 * with the N-th; one until more than N within an hour ends with the case that makes it more.
 */
export function isMuted({ until }: Pick<CauseMute, 'until'>, since: OpenedSince, now: Date): boolean {
  switch (until.kind) {
    case 'date':
      return now.getTime() < Date.parse(until.at);
    case 'count':
      return since.opened < until.cases;
    case 'rate':
      return since.busiest_hour <= until.cases_per_hour;
  }
}
