import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '#simulator/random.ts';
import type { Bundle } from './bundle.ts';
import { startClerk } from './clerk.ts';
import { keepOrdering } from './pace.ts';
import { createTraffic } from './traffic.ts';
import { verify } from './verify.ts';
import type { Violations } from './violations.ts';
import { startWorld, type World } from './world.ts';

export type Missing = 'fence' | 'claim';

interface SabotageOptions {
  bundle: Bundle;
  environment: NodeJS.ProcessEnv;
  seed: string;
  say: (line: string) => void;
}

const ATTEMPTS = 4;
const LONGEST_MS = 40_000;
const ORDERS = { fence: 150, claim: 80 } as const;

/** What nothing but the guard prevents. Anything else that is found proves nothing about it. */
export const proofOf: Readonly<Record<Missing, string>> = {
  fence: 'event ids given twice',
  claim: 'ClickHouse steps',
};

/**
 * Runs a build that lacks the fence, or the claim, through a schedule that needs it, and tells what the same checks
 * find. Where luck let it pass, it is run again, a bounded number of times.
 */
export async function caughtWithout(missing: Missing, options: SabotageOptions): Promise<Violations> {
  for (let attempt = 1; ; attempt++) {
    const violations = await runWithout(missing, { ...options, seed: `${options.seed} ${attempt}` });
    const found = violations.list().map(({ kind, count }) => `${count} ${kind}`);
    options.say(`without the ${missing}: ${found.join(', ') || 'nothing'}`);
    if (violations.has(proofOf[missing]) || attempt === ATTEMPTS) return violations;
  }
}

async function runWithout(missing: Missing, { bundle, environment, seed, say }: SabotageOptions): Promise<Violations> {
  const random = createRandom(`${missing} ${seed}`);
  const world = await startWorld({
    bundle,
    environment,
    seed,
    leaseMs: 1_000,
    ackWaitMs: 1_000,
    ...(missing === 'fence'
      ? { engineEnv: { UNSAFE_WITHOUT_FENCE: 'true' } }
      : { ingestEnv: { UNSAFE_WITHOUT_CLAIM: 'true' } }),
  });
  try {
    const traffic = createTraffic(world, random);
    const clerk = await startClerk(world);
    const until = performance.now() + LONGEST_MS;
    let disturbed = false;
    const disturbing = (missing === 'fence' ? sleepInTurn(world) : dieBetweenInsertAndClaim(world)).finally(
      () => (disturbed = true),
    );
    const ordering = keepOrdering(world, traffic, random, {
      inFlight: 60,
      mix: { cancelled: 0, unmapped: 0 },
      // What is lost without the fence never finishes, and would keep its place in flight for ever.
      enough: () => disturbed && (traffic.placed.length >= ORDERS[missing] || performance.now() > until),
    });
    await Promise.all([ordering, disturbing]);
    const { violations } = await verify(world, traffic, clerk, { patienceMs: 8_000, say });
    await traffic.close();
    return violations;
  } finally {
    await world.close();
  }
}

/**
 * Each replica in turn stands still for longer than its leases and its messages wait, and then goes on. With one replica
 * alone nothing is proved, so one that is not there is waited for.
 */
async function sleepInTurn(world: World): Promise<void> {
  await delay(1_500);
  for (let round = 0; round < 4; round++)
    for (const engine of world.engines) {
      await Promise.all(world.engines.map((each) => each.untilListening()));
      engine.pause();
      await delay(1_700);
      engine.resume();
      await delay(900);
    }
}

async function dieBetweenInsertAndClaim(world: World): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await world.ingest.kill();
    world.ingest.start({ CRASH_POINT: 'ingest.insert.after@2' });
    await Promise.race([world.ingest.ended, delay(15_000)]);
    if (world.ingest.running) await world.ingest.kill();
    world.ingest.start();
    await delay(1_500);
  }
}
