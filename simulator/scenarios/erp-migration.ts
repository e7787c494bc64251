import { mildTroubles, type Scenario } from './scenario.ts';

/**
 * A company moves to a second ERP while its orders keep coming in. When is the estate's to say (`npm start -- --scenario
 * erp-migration` says: two minutes after the start); here the second ERP has the trouble that new ones have.
 */
export const erpMigration: Scenario = {
  name: 'erp-migration',
  description: 'A company moves to a second ERP, which throttles now and then, while orders keep coming in',
  troubles: mildTroubles,
  begin: ({ conditions, systemsOf }) => {
    const second = systemsOf('erp').slice(1);
    for (const system of second) conditions.setFault(system, 'throttle', 0.1);
    return () => second.forEach((system) => conditions.clearFaults(system));
  },
};
