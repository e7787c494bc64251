import { mildTroubles, type Scenario } from './scenario.ts';

/** The ERP answers 503 to everything; orders go on coming in. */
export const erpMaintenance: Scenario = {
  name: 'erp-maintenance',
  description: 'The ERP is down for maintenance, orders keep coming in',
  troubles: mildTroubles,
  seconds: 120,
  begin: ({ conditions, systemsOf }, seconds) => {
    const until = Date.now() + (seconds ?? 120) * 1000;
    for (const system of systemsOf('erp')) conditions.setMaintenance(system, until);
    return () => {
      for (const system of systemsOf('erp')) conditions.setMaintenance(system, 0);
    };
  },
};
