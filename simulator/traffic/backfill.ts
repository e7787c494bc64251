import type { Random } from '../random.ts';
import { mildTroubles } from '../scenarios/scenario.ts';
import { pause } from '../intake-client.ts';
import { arrivals } from './demand.ts';
import type { OrderDesk } from './order-desk.ts';
import type { ChannelProfile } from './profiles.ts';
import type { TrafficContext } from './traffic.ts';

/** Orders told at the same time. */
const CONCURRENCY = 16;
/** Latency comes back when the warehouses have this share of the history, or after this long. */
const RELEASED_SHARE = 0.9;
const PATIENCE_MS = 300_000;

/**
 * Pushes the last hours through the real intake, oldest first: orders carry their past times, everything else is
 * processed now. Vendors answer at once meanwhile, or it would take as long as it took.
 */
export async function runBackfill(
  context: TrafficContext,
  options: {
    desk: OrderDesk;
    profiles: readonly ChannelProfile[];
    random: Random;
    hours: number;
    ordersPerDay: number;
    signal: AbortSignal;
  },
): Promise<void> {
  const { desk, profiles, random, signal } = options;
  const to = new Date();
  const from = new Date(to.getTime() - options.hours * 3_600_000);
  const queue = profiles
    .flatMap((profile) =>
      arrivals(random, from, to, options.ordersPerDay * profile.share, profile.utcOffsetHours).map((at) => ({
        profile,
        at,
      })),
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  context.log.info({ orders: queue.length, hours: options.hours }, 'pushing history through the intake');
  context.conditions.suspendLatency(true);
  const total = queue.length;
  let next = 0;
  const worker = async () => {
    while (!signal.aborted) {
      const order = queue[next++];
      if (order === undefined) return;
      await desk.place(order.profile, order.at, mildTroubles, 'backfill');
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  context.log.info({ orders: total }, 'history was pushed through the intake');
  void resumeLatency(context, total, signal);
}

/** Waits until most of the history has reached the warehouses; live customers come in meanwhile. */
async function resumeLatency(context: TrafficContext, total: number, signal: AbortSignal): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS;
  const released = () =>
    [...context.systems.warehouses.values()].reduce((sum, warehouse) => sum + (warehouse.counts()['releases'] ?? 0), 0);
  while (!signal.aborted && Date.now() < giveUp && released() < total * RELEASED_SHARE) await pause(1000, signal);
  context.conditions.suspendLatency(false);
}
