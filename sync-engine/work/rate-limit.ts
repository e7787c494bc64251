/**
 * Token bucket: `take` answers how many milliseconds to wait before the call may be made, and books it. A second's worth
 * of calls may be made at once.
 */
export function createRateLimit(perSecond: number | undefined, now: () => number): { take(): number } {
  if (perSecond === undefined) return { take: () => 0 };
  const capacity = Math.max(1, perSecond);
  let tokens = capacity;
  let at = now();
  return {
    take: () => {
      const time = now();
      tokens = Math.min(capacity, tokens + ((time - at) / 1000) * perSecond) - 1;
      at = time;
      return tokens >= 0 ? 0 : Math.ceil((-tokens / perSecond) * 1000);
    },
  };
}
