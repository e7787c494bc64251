import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '#simulator/random.ts';
import { finishedOrders, keepOrdering, trouble, usualMix } from './pace.ts';
import type { Service } from './service.ts';
import type { Traffic } from './traffic.ts';
import type { World } from './world.ts';

export interface KillOptions {
  orders: number;
  kills: number;
  random: Random;
  say: (line: string) => void;
}

export interface Killed {
  kills: Record<string, number>;
  pauses: number;
}

/** In flight at once: enough that every kill meets work of every kind. */
const IN_FLIGHT = 120;
/** So long without an order finished, and the next kill comes all the same. */
const STUCK_MS = 30_000;

/**
 * Kills at random moments of the traffic over both replicas and ingest, each restarted at once; and replicas whose
 * clock stops for longer than their leases and their messages wait, and which then go on as if nothing had happened.
 */
export async function killAtRandom(world: World, traffic: Traffic, options: KillOptions): Promise<Killed> {
  const { orders, kills, random, say } = options;
  const services: readonly Service[] = [...world.engines, world.ingest];
  const already = finishedOrders(world, traffic);
  const before = traffic.placed.length;
  const moments = Array.from({ length: kills }, () => random.next() * orders * 0.97).sort((a, b) => a - b);
  const killed: Killed = { kills: Object.fromEntries(services.map(({ name }) => [name, 0])), pauses: 0 };
  const pauses = new Set<Promise<void>>();
  let done = 0;
  trouble(world, 0.01);

  const ordering = keepOrdering(world, traffic, random, {
    inFlight: IN_FLIGHT,
    mix: usualMix,
    enough: () => traffic.placed.length - before >= orders && done >= kills,
  });
  const failed = ordering.then(
    () => undefined,
    (error: unknown) => error,
  );

  let stuckSince = Date.now();
  let progress = -1;
  for (const moment of moments) {
    for (;;) {
      const finished = finishedOrders(world, traffic) - already;
      if (finished >= moment) break;
      if (finished !== progress) {
        progress = finished;
        stuckSince = Date.now();
      }
      // The chaos goes on where orders do not: what is stuck for good is found at the end.
      if (Date.now() - stuckSince > STUCK_MS) break;
      await delay(20);
    }
    stuckSince = Date.now();
    await delay(random.int(0, 400));
    const victim = random.pick(services);
    await victim.kill();
    victim.start();
    killed.kills[victim.name] = (killed.kills[victim.name] ?? 0) + 1;
    done++;
    if (random.chance(0.25)) {
      const sleeper = random.pick(world.engines);
      const pause = (async () => {
        sleeper.pause();
        killed.pauses++;
        await delay(world.leaseMs * (1 + random.next() * 1.5));
        sleeper.resume();
      })().finally(() => pauses.delete(pause));
      pauses.add(pause);
    }
    if (done % Math.max(1, Math.round(kills / 20)) === 0)
      say(`${done} of ${kills} kills, ${finishedOrders(world, traffic)} of ${traffic.placed.length} orders finished`);
  }
  await Promise.all(pauses);
  const failure = await failed;
  if (failure !== undefined) throw failure instanceof Error ? failure : new Error('ordering failed');
  return killed;
}
