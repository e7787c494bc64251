const MINUTE_MS = 60_000;
/** More names than this are not remembered: the oldest windows go first. */
const MOST_NAMES = 10_000;

/** Counts requests by name in windows of a minute. Counts live in this process: each replica admits its share. */
export interface Quota {
  /** Counts one. @returns whether it may go on, seconds until the window ends, and whether it is the first refused in it. */
  spend(name: string, max: number): { allowed: boolean; retryAfterS: number; firstRefused: boolean };
}

export function createQuota(now: () => number = Date.now): Quota {
  const windows = new Map<string, { began: number; spent: number }>();
  return {
    spend(name, max) {
      const at = now();
      let window = windows.get(name);
      if (window === undefined || at - window.began >= MINUTE_MS) {
        windows.delete(name);
        window = { began: at, spent: 0 };
        windows.set(name, window);
        const [oldest] = windows.keys();
        if (windows.size > MOST_NAMES && oldest !== undefined) windows.delete(oldest);
      }
      window.spent++;
      return {
        allowed: window.spent <= max,
        retryAfterS: Math.max(1, Math.ceil((window.began + MINUTE_MS - at) / 1_000)),
        firstRefused: window.spent === max + 1,
      };
    },
  };
}
