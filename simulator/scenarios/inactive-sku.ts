import { mildTroubles, type Scenario } from './scenario.ts';

/** Three orders in ten contain an item the master data has retired and a shop still sells. */
export const inactiveSku: Scenario = {
  name: 'inactive-sku',
  description: 'A shop sells items that were taken out of the range',
  troubles: { ...mildTroubles, inactiveSku: 0.3 },
};
