import type { CaseEvent } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { tellOrder } from './orders.ts';
import { randomFrom, type Random } from './random.ts';
import { tellStock } from './stock.ts';
import { tellStores } from './stores.ts';

export interface Story {
  /** In the order of their transactions. */
  events: StepEvent[];
  /** The same events in the order in which they arrive: some late, some before what came before them. */
  arrivals: StepEvent[];
  cases: CaseEvent[];
  transactions: number;
}

const minute = 60_000;

/** What an estate did between two moments, with everything that goes wrong. The same seed tells the same. */
export function tellEstate(options: {
  seed: number;
  estate: Estate;
  from: number;
  until: number;
  orders: number;
  cycles: number;
}): Story {
  const random = randomFrom(options.seed);
  const world = { ...options, random };
  const orders = Array.from({ length: options.orders }, (_, n) => tellOrder(n, world));
  const stock = tellStock(world);
  const others = [...orders.flatMap(({ events }) => events), ...tellStores(world)];
  const events = [...others, ...stock];
  return {
    events,
    arrivals: arrivalsOf(others, stock, random),
    cases: orders.flatMap(({ cases }) => cases),
    transactions: new Set(events.map(({ flow, key }) => `${flow} ${key}`)).size,
  };
}

export const endOf = (event: StepEvent): number => Date.parse(event.ended_at || event.started_at);

/** Stock has one writer, which is never out of order with itself. */
function arrivalsOf(others: readonly StepEvent[], stock: readonly StepEvent[], random: Random): StepEvent[] {
  const delay = () => (random.chance(0.01) ? 30 * 60 * minute : random.chance(0.05) ? 10 * minute : 0) * random.next();
  return [
    ...others.map((event) => ({ event, at: endOf(event) + delay() })),
    ...stock.map((event) => ({ event, at: endOf(event) })),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}
