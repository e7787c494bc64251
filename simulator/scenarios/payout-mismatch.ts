import { mildTroubles, type Scenario } from './scenario.ts';

/**
 * The marketplace pays less for an order than its buyer did, and pays for an order that nobody knows; the payment system
 * keeps back what belongs to no order.
 */
export const payoutMismatch: Scenario = {
  name: 'payout-mismatch',
  description: 'Payouts of marketplace and payment system do not agree with the orders',
  troubles: mildTroubles,
  seconds: 300,
  begin: ({ conditions, systemsOf }) => {
    const systems = [...systemsOf('channel'), ...systemsOf('payment')];
    for (const system of systems) conditions.setPayoutMismatch(system, true);
    return () => systems.forEach((system) => conditions.setPayoutMismatch(system, false));
  },
};
