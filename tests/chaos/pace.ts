import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '#simulator/random.ts';
import type { OrderKind, Traffic } from './traffic.ts';
import type { World } from './world.ts';

/** Orders that have come to their last outside effect; those the customer cancels count as soon as they are placed. */
export function finishedOrders(world: World, traffic: Traffic): number {
  const books = world.simulator.systems.served.find(({ kind }) => kind === 'netsuite')?.api.counts();
  const cancelled = traffic.placed.filter(({ kind }) => kind === 'cancelled').length;
  return Number(books?.['invoices'] ?? 0) + cancelled;
}

export interface Mix {
  cancelled: number;
  unmapped: number;
}

/** What a share of a small hundred of orders has, and every call to the outside. */
export const usualMix: Mix = { cancelled: 0.02, unmapped: 0.005 };

/** Every system of the estate errs, throttles and loses answers now and then. */
export function trouble(world: World, share: number): void {
  for (const { id, kind } of world.estate.systems) {
    if (kind === 'channel-api') continue;
    for (const fault of ['error', 'lost_answer', 'throttle'] as const)
      world.simulator.conditions.setFault(id, fault, share);
    world.simulator.conditions.setFault(id, 'timeout', share / 10);
  }
}

const kindOf = (random: Random, mix: Mix): OrderKind => {
  const drawn = random.next();
  return drawn < mix.cancelled ? 'cancelled' : drawn < mix.cancelled + mix.unmapped ? 'unmapped' : 'plain';
};

/** Places orders, never more than `inFlight` unfinished, until `enough` says so. Ends when the last post was taken. */
export async function keepOrdering(
  world: World,
  traffic: Traffic,
  random: Random,
  options: { inFlight: number; mix: Mix; enough: () => boolean },
): Promise<void> {
  const posting = new Set<Promise<unknown>>();
  let failure: unknown;
  while (!options.enough()) {
    if (failure !== undefined) throw failure instanceof Error ? failure : new Error('an order could not be placed');
    const free = options.inFlight - (traffic.placed.length - finishedOrders(world, traffic));
    for (let i = 0; i < Math.min(free, 40) && !options.enough(); i++) {
      const post: Promise<unknown> = traffic
        .place(kindOf(random, options.mix))
        .catch((error: unknown) => (failure = error))
        .finally(() => posting.delete(post));
      posting.add(post);
    }
    await delay(free > 0 ? 60 : 150);
  }
  await Promise.all(posting);
  if (failure !== undefined) throw failure instanceof Error ? failure : new Error('an order could not be placed');
}
