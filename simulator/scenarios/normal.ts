import { mildTroubles, type Scenario } from './scenario.ts';

/** Share of a shop's orders that it never tells of. */
const LOST = 0.01;

/** A normal day. Vendors fail now and then, as they do: retries show, and none of it needs a person. */
export const normal: Scenario = {
  name: 'normal',
  description: 'An ordinary trading day with a few mistakes and hiccups',
  troubles: mildTroubles,
  begin: ({ conditions, systemsOf }) => {
    const shaky = (['channel', 'erp', 'wms', 'tax', 'payment'] as const).flatMap(systemsOf);
    for (const system of shaky) {
      conditions.setFault(system, 'error', 0.003);
      conditions.setFault(system, 'throttle', 0.001);
      conditions.setFault(system, 'lost_answer', 0.001);
    }
    for (const shop of systemsOf('channel')) conditions.setFault(shop, 'lost_webhook', LOST);
    return () => shaky.forEach((system) => conditions.clearFaults(system));
  },
};
