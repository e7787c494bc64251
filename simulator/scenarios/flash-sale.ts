import { mildTroubles, type Scenario } from './scenario.ts';

/** Everybody wants one item: twenty orders a second for it, far more than there is in stock. */
export const flashSale: Scenario = {
  name: 'flash-sale',
  description: 'Twenty orders a second for one item',
  troubles: mildTroubles,
  seconds: 60,
  begin: ({ rush }) => rush(20),
};
