import type { Random } from '../random.ts';

const FIRST_S = 5;

/**
 * Milliseconds between changes that come by chance, endlessly. The first comes soon, so that whoever has just started the
 * estate sees one.
 */
export function* pauses(random: Random, meanS: number, mostS: number): Generator<number, never> {
  for (let mean = Math.min(FIRST_S, meanS); ; mean = meanS)
    yield Math.min(mostS, -Math.log(1 - random.next()) * mean) * 1000;
}
