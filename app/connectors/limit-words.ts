import type { System } from '#contracts/v1/estate.ts';
import { formatNumber } from '#app/format.ts';

/** Limits of a system in one line: "8 at once, 4 calls/s". */
export function limitWords({ concurrency, rate_per_s }: System['limits']): string {
  const rate = rate_per_s === undefined ? 'any rate' : `${formatNumber(rate_per_s)} calls/s`;
  return `${formatNumber(concurrency)} at once, ${rate}`;
}
