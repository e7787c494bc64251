/** Where the reader beside the console says what it saw: `at` in milliseconds since 1970, `seq` of STEPS. */
export const SIGHTINGS = 'bench.sightings';

export interface Sighting {
  at: number;
  seq: number;
}
