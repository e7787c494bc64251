import { mildTroubles, type Scenario } from './scenario.ts';

/** Third parties ship in time and tell of it late: their orders wait and pass their deadline, then all go on at once. */
export const lateAsn: Scenario = {
  name: 'late-asn',
  description: 'The third-party warehouse ships, but its advices come late',
  troubles: mildTroubles,
  seconds: 600,
  begin: ({ holdAdvices }) => holdAdvices(),
};
