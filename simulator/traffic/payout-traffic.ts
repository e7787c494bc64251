import { pause } from '../intake-client.ts';
import type { TrafficContext } from './traffic.ts';

/** Two weeks of a marketplace, and a day of a payment system, in quicker motion. */
const EVERY_MS = 90_000;

/** Marketplaces pay out what was shipped since the last time, payment systems what was taken. */
export async function payoutTraffic({ systems, log }: TrafficContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(EVERY_MS, signal);
    if (signal.aborted) return;
    for (const { payOut } of systems.amazons.values())
      await payOut().catch((error: unknown) => log.error({ err: error }, 'a payout could not be reported'));
    for (const { payouts } of systems.stripes.values()) payouts.payOut();
  }
}
