import { mildTroubles, type Scenario } from './scenario.ts';

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
    return () => shaky.forEach((system) => conditions.clearFaults(system));
  },
};
