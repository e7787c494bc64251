import { expect, it } from 'vitest';
import { overRepresentation } from './over-represented.ts';

const compared = (selected: number, ofSelected: number, rest: number, ofRest: number) =>
  overRepresentation({ selected, ofSelected, rest, ofRest });

// Newcombe 1998, table II, method 10: 56/70 against 48/80 is 0.0524 to 0.3339; 9/10 against 3/10, 0.1705 to 0.8090.
it('gives the lower end of the published interval', () => {
  expect(compared(56, 70, 48, 80).points).toBeCloseTo(0.2, 10);
  expect(compared(56, 70, 48, 80).least).toBeCloseTo(0.0524, 4);
  expect(compared(9, 10, 3, 10).least).toBeCloseTo(0.1705, 4);
  expect(compared(10, 10, 0, 20).least).toBeCloseTo(0.6791, 4);
});

it('is not fooled by a few transactions', () => {
  expect(compared(1, 1, 500, 1_000).least).toBeLessThan(0);
  expect(compared(2, 3, 300, 1_000).least).toBeLessThan(0);
  expect(compared(200, 300, 300, 1_000).least).toBeGreaterThan(0.3);
});

it('finds nothing where the shares are equal or there is nothing to compare', () => {
  expect(compared(50, 100, 500, 1_000).least).toBeLessThan(0);
  expect(compared(0, 0, 0, 0)).toEqual({ points: 0, least: expect.any(Number) as number });
  expect(compared(5, 5, 0, 0).least).toBeLessThanOrEqual(0);
});
