import Decimal from 'decimal.js';
import type { Estate } from '#contracts/v1/estate.ts';

/** "Rates to USD: EUR 1.08, GBP 1.27.", for the definition of a sum over currencies; empty where there is one alone. */
export function ratesInWords({ rates, reporting_currency }: Pick<Estate, 'rates' | 'reporting_currency'>): string {
  const others = Object.entries(rates).filter(([currency]) => currency !== reporting_currency);
  if (others.length === 0) return '';
  return `Rates to ${reporting_currency}: ${others.map(([currency, rate]) => `${currency} ${rate}`).join(', ')}.`;
}

/**
 * Amounts of several currencies in the reporting currency by the estate's rates, to two decimals. A currency without a
 * rate is left out and named, rather than counted wrongly.
 */
export function inReportingCurrency(
  amounts: readonly (readonly [currency: string, amount: string])[],
  estate: Pick<Estate, 'rates' | 'reporting_currency'>,
): { amount: string; currency: string; withoutRate: string[] } {
  let sum = new Decimal(0);
  const withoutRate = new Set<string>();
  for (const [currency, amount] of amounts) {
    const rate = currency === estate.reporting_currency ? '1' : estate.rates[currency];
    if (rate === undefined) withoutRate.add(currency);
    else sum = sum.plus(new Decimal(amount).times(rate));
  }
  return { amount: sum.toFixed(2), currency: estate.reporting_currency, withoutRate: [...withoutRate] };
}
