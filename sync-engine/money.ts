import { Decimal as Configurable } from 'decimal.js';
import type { RatesInForce } from '#platform/rates.ts';

/** Decimal arithmetic wide enough that no amount times quantity of the contracts is ever rounded. */
export const Decimal = Configurable.clone({ precision: 60, toExpNeg: -30, toExpPos: 40 });
export type Amount = InstanceType<typeof Decimal>;

/** Text of an amount with at least as many fraction digits as the most precise of `like` (its scale survives a sum). */
export function amountText(amount: Amount, ...like: string[]): string {
  const scale = Math.max(
    amount.decimalPlaces(),
    ...like.map((text) => new Decimal(text).decimalPlaces()),
    scaleOf(like),
  );
  return amount.toFixed(scale);
}

/** Sum of decimal texts, exact; "0.00" for none. */
export function sumAmounts(amounts: readonly string[]): string {
  const sum = amounts.reduce((total, amount) => total.plus(amount), new Decimal(0));
  return amountText(sum, ...(amounts.length === 0 ? ['0.00'] : amounts));
}

const fractionDigits = new Map<string, number>();

/** Fraction digits of a currency's smallest unit: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217, from the ICU tables). */
export function minorDigits(currency: string): number {
  const known = fractionDigits.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  fractionDigits.set(currency, digits);
  return digits;
}

/** An amount in the currency's smallest unit, as digits ("1999" for 19.99 USD). @throws RangeError when it is finer. */
export function toMinorUnits(amount: string, currency: string): string {
  const minor = new Decimal(amount).times(new Decimal(10).pow(minorDigits(currency)));
  if (!minor.isInteger()) throw new RangeError(`${amount} ${currency} is finer than the currency's smallest unit`);
  return minor.toFixed(0);
}

/** The amount that so many of the currency's smallest unit make. */
export function fromMinorUnits(minor: string, currency: string): string {
  const digits = minorDigits(currency);
  return new Decimal(minor).dividedBy(new Decimal(10).pow(digits)).toFixed(digits);
}

function scaleOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0));
}

/** An amount at the rate in force. @returns undefined where there is no amount, or no rate for its currency. */
export function inReportingCurrency(
  { amount, currency }: { amount: string; currency: string },
  rates: RatesInForce,
): Amount | undefined {
  const rate = rates.of.get(currency)?.rate;
  return amount === '' || rate === undefined ? undefined : new Decimal(amount).times(rate);
}
