import { mildTroubles, type Scenario } from './scenario.ts';

/** A quarter of the stores loses its line; each keeps its batches and forwards all of them once it is back. */
export const storeOffline: Scenario = {
  name: 'store-offline',
  description: 'A quarter of the stores is silent, then all are back at once with what they kept',
  troubles: mildTroubles,
  seconds: 600,
  begin: ({ cutOff }) => cutOff(0.25),
};
