import { mildTroubles, type Scenario } from './scenario.ts';

/** Share of a shop's orders that it never tells of. */
const LOST = 0.25;

/** The shops have dropped some of their webhooks: orders are paid and nobody hears of them. */
export const lostWebhooks: Scenario = {
  name: 'lost-webhooks',
  description: 'The web shops do not tell of every order',
  troubles: mildTroubles,
  seconds: 120,
  begin: ({ conditions, systemsOf }) => {
    const shops = systemsOf('channel');
    for (const shop of shops) conditions.setFault(shop, 'lost_webhook', LOST);
    return () => shops.forEach((shop) => conditions.setFault(shop, 'lost_webhook', 0));
  },
};
