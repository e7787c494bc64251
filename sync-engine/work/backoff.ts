import type { z } from 'zod';
import type { retryPolicy } from '#contracts/v1/estate.ts';

/**
 * Milliseconds to wait after the n-th failed attempt: exponential, between half and all of the step, so that many
 * which failed together do not come back together.
 */
export function retryDelayMs(attempt: number, policy: z.output<typeof retryPolicy>, random: () => number): number {
  const full = Math.min(policy.max_delay_s, policy.initial_delay_s * 2 ** (attempt - 1)) * 1000;
  return Math.round(full * (0.5 + random() / 2));
}
