import { createRandom } from '#simulator/random.ts';
import type { Bundle } from './bundle.ts';
import { startClerk } from './clerk.ts';
import { crashAtEveryPoint, type CrashedAt, type CrashPoints } from './crash-points.ts';
import { createFiling } from './filing.ts';
import { startPartner } from './partner.ts';
import { createPricing } from './prices.ts';
import { killAtRandom, type Killed } from './random-kills.ts';
import { createReconciling } from './reconciling.ts';
import { createReturning } from './returns.ts';
import { createTraffic } from './traffic.ts';
import { verify } from './verify.ts';
import type { Violations } from './violations.ts';
import { startWorld } from './world.ts';

export interface RunOptions {
  bundle: Bundle;
  environment: NodeJS.ProcessEnv;
  seed: string;
  /** Crash at each of these points, one after the other. */
  points?: CrashPoints;
  /** Kill at random moments over this many orders. */
  kills?: { orders: number; kills: number };
  say: (line: string) => void;
}

export interface RunResult {
  points: CrashedAt;
  killed: Killed;
  orders: number;
  repeated: number;
  retried: number;
  events: number;
  transactions: number;
  seconds: number;
  violations: Violations;
  /** Where the logs are, kept because something was wrong. */
  folder?: string;
}

/** One estate, one stretch of chaos, one verdict. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { bundle, environment, seed, say } = options;
  const began = performance.now();
  const random = createRandom(seed);
  const leaseMs = options.kills === undefined ? 1_500 : 3_000;
  const world = await startWorld({ bundle, environment, seed, leaseMs, ackWaitMs: leaseMs * 2 });
  let sound = false;
  try {
    const traffic = createTraffic(world, random);
    const pricing = await createPricing(world, random);
    const returning = createReturning(world, traffic);
    const filing = createFiling(world);
    const reconciling = createReconciling(world);
    const partner = await startPartner(world);
    const clerk = await startClerk(world);
    const points =
      options.points === undefined
        ? { hit: [], missed: [] }
        : await crashAtEveryPoint(
            world,
            { traffic, pricing, returning, filing, reconciling },
            options.points,
            random,
            say,
          );
    const killed =
      options.kills === undefined
        ? { kills: {}, pauses: 0 }
        : await killAtRandom(world, traffic, { ...options.kills, random, say });
    const unfiled = await filing.unfiled();
    const unreconciled = await reconciling.unreconciled();
    const { events, transactions, violations } = await verify(world, traffic, clerk, {
      patienceMs: 60_000,
      say,
      partner,
      check: (found) => {
        for (const price of pricing.unshown()) found.add('prices the shop does not show', price);
        for (const one of returning.unsettled()) found.add('returns without exactly one refund and credit', one);
      },
    });
    for (const point of points.missed) violations.add('crash points never hit', point);
    for (const file of unfiled) violations.add('files not put away exactly once', file);
    for (const what of unreconciled) violations.add('reconciliation', what);
    await pricing.close();
    await traffic.close();
    sound = violations.total === 0;
    return {
      points,
      killed,
      orders: traffic.placed.length,
      repeated: traffic.repeated,
      retried: traffic.retried,
      events,
      transactions,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      violations,
      ...(sound ? {} : { folder: world.folder }),
    };
  } finally {
    await world.close(!sound);
  }
}
