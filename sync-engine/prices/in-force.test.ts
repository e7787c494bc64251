import { describe, expect, test } from 'vitest';
import { priceInForce, type PriceTerm, stillOfUse } from './in-force.ts';

const day = (n: number) => `2026-03-0${n}T00:00:00.000Z`;
const term = (version: number, from: number, to?: number): PriceTerm => ({
  version,
  amount: `${version}.00`,
  currency: 'USD',
  starts_at: day(from),
  ...(to === undefined ? {} : { ends_at: day(to) }),
});
const at = (n: number) => new Date(day(n));

describe('the price in force', () => {
  const usual = term(1, 1);
  const promotion = term(2, 3, 5);

  test('is the promotion from its start to its end, which is no longer in it, and the usual one otherwise', () => {
    const versions = [1, 2, 3, 4, 5, 6].map((n) => priceInForce([usual, promotion], at(n))?.version);
    expect(versions).toEqual([1, 1, 2, 2, 1, 1]);
  });

  test('is the newest where several run at once, in whatever order they came', () => {
    expect(priceInForce([term(7, 1, 9), term(5, 1), term(6, 2)], at(4))?.version).toBe(7);
    expect(priceInForce([], at(1))).toBeUndefined();
  });

  test('keeps of old ones what no newer one has replaced for good', () => {
    const versions = (list: PriceTerm[], n: number) => stillOfUse(list, at(n)).map(({ version }) => version);
    expect(versions([usual, promotion], 4)).toEqual([1, 2]);
    expect(versions([usual, promotion], 5)).toEqual([1, 2]);
    expect(versions([usual, promotion, term(3, 4)], 4)).toEqual([3]);
    expect(versions([usual, term(4, 8)], 5)).toEqual([1, 4]);
  });
});
