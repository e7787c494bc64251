import type { StepEvent } from '#contracts/v1/step-event.ts';
import { checkEvents } from './check-events.ts';
import { LandedCheck } from './check-landed.ts';
import { checkStock, checkSystems } from './check-systems.ts';
import type { Clerk } from './clerk.ts';
import type { Traffic } from './traffic.ts';
import type { Partner } from './partner.ts';
import { untilLanded, untilSettled } from './settle.ts';
import { Violations } from './violations.ts';
import type { World } from './world.ts';

export interface Verdict {
  events: number;
  transactions: number;
  violations: Violations;
}

/**
 * Lets everything come to its end, stops the services in order and holds the outside systems, the stock, the events and
 * ClickHouse against one another.
 */
export async function verify(
  world: World,
  traffic: Traffic,
  clerk: Clerk,
  options: {
    patienceMs?: number;
    say: (line: string) => void;
    each?: (event: StepEvent) => void;
    partner?: Partner;
    /** What else must be true once everything has settled. */
    check?: (violations: Violations) => void;
  },
): Promise<Verdict> {
  const { say } = options;
  const violations = new Violations();
  for (const service of [...world.engines, world.ingest]) if (!service.running) service.start();
  const { left } = await untilSettled(world, clerk.open, options.patienceMs);
  for (const what of left) violations.add('left over', what);
  say(left.length === 0 ? 'everything has settled' : `nothing moves any more, but there is ${left.join(', ')}`);
  await options.partner?.checkTold(violations);
  await clerk.stop();
  options.check?.(violations);
  checkSystems(world, traffic.placed, violations);
  await checkStock(world, violations);
  for (const engine of world.engines)
    if (!(await engine.stop())) violations.add('unclean stops', `${engine.name} did not stop when asked`);
  for (const what of await untilLanded(world)) violations.add('not landed', what);
  if (!(await world.ingest.stop())) violations.add('unclean stops', 'ingest did not stop when asked');
  for (const service of [...world.engines, world.ingest])
    for (const death of service.unexpected) violations.add('unexpected deaths', death);
  say('reading every event and recomputing every figure');
  const landed = await LandedCheck.open(world.clickhousePath);
  try {
    const { events, transactions, notEvents } = await checkEvents(world, traffic.placed, violations, (raw, event) => {
      options.each?.(event);
      options.partner?.saw(event);
      return landed.add(raw);
    });
    await landed.compare(world, notEvents, violations);
    await options.partner?.checkEvents(violations);
    return { events, transactions, violations };
  } finally {
    await landed.close();
  }
}
