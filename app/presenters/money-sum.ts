import Decimal from 'decimal.js';
import type { RatesInForce } from '#platform/rates.ts';
import { formatDay } from '#app/format.ts';

/**
 * "Rates to USD: EUR 1.08 of 28 Nov 2026, GBP 1.27 of the estate file.", for the definition of a sum over currencies;
 * empty where there is one alone.
 */
export function ratesInWords({ of, reporting_currency }: RatesInForce): string {
  const others = [...of].filter(([currency]) => currency !== reporting_currency);
  if (others.length === 0) return '';
  const words = others.map(
    ([currency, { rate, since }]) => `${currency} ${rate} of ${since === '' ? 'the estate file' : formatDay(since)}`,
  );
  return `Rates to ${reporting_currency}: ${words.join(', ')}.`;
}

/**
 * Amounts of several currencies in the reporting currency by the rates in force, to two decimals. A currency without a
 * rate is left out and named, rather than counted wrongly.
 */
export function inReportingCurrency(
  amounts: readonly (readonly [currency: string, amount: string])[],
  rates: RatesInForce,
): { amount: string; currency: string; withoutRate: string[] } {
  let sum = new Decimal(0);
  const withoutRate = new Set<string>();
  for (const [currency, amount] of amounts) {
    const rate = rates.of.get(currency)?.rate;
    if (rate === undefined) withoutRate.add(currency);
    else sum = sum.plus(new Decimal(amount).times(rate));
  }
  return { amount: sum.toFixed(2), currency: rates.reporting_currency, withoutRate: [...withoutRate] };
}
