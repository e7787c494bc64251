import type { Price } from '#contracts/v1/catalogue.ts';

/** What decides which of a SKU's prices in a channel is in force. */
export type PriceTerm = Pick<Price, 'version' | 'amount' | 'compare_at' | 'currency' | 'starts_at' | 'ends_at'>;

/** The newest price whose time [starts_at, ends_at) it is. */
export function priceInForce(terms: readonly PriceTerm[], at: Date): PriceTerm | undefined {
  return terms.filter((term) => isRunning(term, at)).reduce<PriceTerm | undefined>(newer, undefined);
}

/** What a newer price without an end, whose time has begun, has not replaced for good. */
export function stillOfUse(terms: readonly PriceTerm[], at: Date): PriceTerm[] {
  const floor = terms
    .filter((term) => term.ends_at === undefined && isRunning(term, at))
    .reduce<PriceTerm | undefined>(newer, undefined);
  return terms.filter((term) => floor === undefined || term.version >= floor.version);
}

const isRunning = ({ starts_at, ends_at }: PriceTerm, at: Date): boolean =>
  Date.parse(starts_at) <= at.getTime() && (ends_at === undefined || at.getTime() < Date.parse(ends_at));

const newer = (best: PriceTerm | undefined, term: PriceTerm): PriceTerm =>
  best === undefined || term.version > best.version ? term : best;
