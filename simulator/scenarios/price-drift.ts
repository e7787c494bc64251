import { mildTroubles, type Scenario } from './scenario.ts';

/** An app in the shops rounds every price that is set: what the shops show is not what they were told. */
export const priceDrift: Scenario = {
  name: 'price-drift',
  description: 'An app in the shops changes the prices that are set',
  troubles: mildTroubles,
  seconds: 180,
  begin: ({ conditions, systemsOf }) => {
    const shops = systemsOf('channel');
    for (const shop of shops) conditions.setPriceDrift(shop, true);
    return () => shops.forEach((shop) => conditions.setPriceDrift(shop, false));
  },
};
