import { mildTroubles, type Scenario } from './scenario.ts';

/** The marketplace pays less for an order than its buyer did, and pays for an order that nobody knows. */
export const payoutMismatch: Scenario = {
  name: 'payout-mismatch',
  description: 'The marketplace’s payouts do not agree with its orders',
  troubles: mildTroubles,
  seconds: 300,
  begin: ({ conditions, systemsOf }) => {
    const channels = systemsOf('channel');
    for (const channel of channels) conditions.setPayoutMismatch(channel, true);
    return () => channels.forEach((channel) => conditions.setPayoutMismatch(channel, false));
  },
};
