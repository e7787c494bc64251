/** A leaky bucket as vendors publish theirs: `capacity` at once, `leakPerSecond` sustained. */
export interface LeakyBucket {
  /** Takes `cost` if it fits; answers whether it did. */
  take(cost: number): boolean;
  /** How full it is now. */
  level(): number;
  /** Seconds until `cost` fits, at least 1, as Retry-After wants it. */
  secondsUntil(cost: number): number;
}

export function createBucket(capacity: number, leakPerSecond: number, now: () => number = Date.now): LeakyBucket {
  let filled = 0;
  let at = now();
  const level = () => {
    const time = now();
    filled = Math.max(0, filled - ((time - at) / 1000) * leakPerSecond);
    at = time;
    return filled;
  };
  return {
    take: (cost) => {
      if (level() + cost > capacity) return false;
      filled += cost;
      return true;
    },
    level,
    secondsUntil: (cost) => Math.max(1, Math.ceil((level() + cost - capacity) / leakPerSecond)),
  };
}
