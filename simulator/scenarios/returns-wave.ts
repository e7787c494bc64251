import { mildTroubles, type Scenario } from './scenario.ts';

/** After the holidays: returns by the second, and in every fifth parcel the slip with the reason is missing. */
export const returnsWave: Scenario = {
  name: 'returns-wave',
  description: 'Many returns at once, some of them without a reason',
  troubles: mildTroubles,
  returns: { everyS: 1, missingReason: 0.2 },
  seconds: 180,
};
