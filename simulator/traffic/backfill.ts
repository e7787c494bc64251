import type { Random } from '../random.ts';
import { mildTroubles, type Troubles } from '../scenarios/scenario.ts';
import { pause } from '../intake-client.ts';
import { arrivals } from './demand.ts';
import type { OrderDesk } from './order-desk.ts';
import type { ChannelProfile } from './profiles.ts';
import type { TrafficContext } from './traffic.ts';

/** Orders told at the same time. */
const CONCURRENCY = 16;
/** History counts as worked off when the warehouses have this share of it. */
const RELEASED_SHARE = 0.9;
/** What went wrong longer ago than this was put right at the time: nobody starts a day with yesterday's late orders. */
const UNSOLVED_MS = 30 * 60_000;
const solved: Troubles = { ...mildTroubles, unmappedTax: 0, inactiveSku: 0 };
/** Enough in half an hour that the first look has cases to work on. */
const unsolved: Troubles = { ...mildTroubles, unmappedTax: 0.05, inactiveSku: 0.05 };

/**
 * Pushes the last hours through the real intake, oldest first: orders carry their past times, everything else is
 * processed now. Vendors answer at once meanwhile, or it would take as long as it took. Resolves once most of it is
 * through, so that the first live orders meet an engine at rest.
 */
export async function runBackfill(
  context: TrafficContext,
  options: {
    desk: OrderDesk;
    profiles: readonly ChannelProfile[];
    random: Random;
    hours: number;
    ordersPerDay: number;
    settleMs: number;
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
      const troubles = to.getTime() - order.at.getTime() < UNSOLVED_MS ? unsolved : solved;
      await desk.place(order.profile, order.at, troubles, 'backfill');
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  context.log.info({ orders: total }, 'history was pushed through the intake');
  await settled(context, total, options.settleMs, signal);
  context.conditions.suspendLatency(false);
}

/** Waits until most of the history has reached the warehouses, so that live orders do not queue behind it. */
async function settled(context: TrafficContext, total: number, withinMs: number, signal: AbortSignal): Promise<void> {
  const giveUp = Date.now() + withinMs;
  const released = () =>
    [...context.systems.warehouses.values(), ...context.systems.thirdParties.values()].reduce(
      (sum, warehouse) => sum + (warehouse.counts()['releases'] ?? 0),
      0,
    );
  while (!signal.aborted && Date.now() < giveUp && released() < total * RELEASED_SHARE) await pause(1000, signal);
}
