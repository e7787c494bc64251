import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { type StoredRate, storedRate } from '#contracts/v1/rate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from './log.ts';
import { openBucket, readEntry, Unreadable } from './nats/kv.ts';
import { watchBucket } from './nats/watch.ts';

/** What one unit of a currency is worth in the reporting currency, and since which UTC day; empty: the estate file's. */
export interface RateInForce {
  rate: string;
  since: string;
}

/** The rates of one day. */
export interface RatesInForce {
  reporting_currency: string;
  /** The reporting currency is among them, as 1; a currency that is not has no rate. */
  of: ReadonlyMap<string, RateInForce>;
}

/** The rate table, in memory and current to within the watch's delay (milliseconds). */
export interface Rates {
  /** @param day UTC: "2026-03-01" */
  on(day: string): RatesInForce;
  /** The rates of the UTC day that it is: what every figure about now is valued by. */
  today(): RatesInForce;
  /** Every rate that people set. */
  all(): readonly StoredRate[];
  /** Under which keys something is stored that this version cannot read: it counts as absent. */
  unreadable(): readonly string[];
  /** Takes over what the engine has just answered, so that this process sees its own change at once. */
  learn: (rate: StoredRate) => void;
  stop(): void;
}

type Declared = Pick<Estate, 'reporting_currency' | 'rates'>;

export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/** Of each currency the latest rate that was set for this day or one before it; before the first the estate file's. */
export function ratesOn(
  day: string,
  { reporting_currency, rates }: Declared,
  set: Iterable<Pick<StoredRate, 'day' | 'currency' | 'rate'>>,
): RatesInForce {
  const of = new Map(Object.entries(rates).map(([currency, rate]) => [currency, { rate, since: '' }]));
  for (const { day: since, currency, rate } of set)
    if (since <= day && since > (of.get(currency)?.since ?? '')) of.set(currency, { rate, since });
  of.set(reporting_currency, { rate: '1', since: '' });
  return { reporting_currency, of };
}

/**
 * Follows KV bucket RATES; resolves once everything stored has been read. A value that this version cannot read is logged
 * and counts as absent; a rate to another reporting currency than the estate's is not looked at.
 */
export async function followRates(nc: NatsConnection, log: Log, estate: Declared, now: () => Date): Promise<Rates> {
  const known = new Map<string, StoredRate>();
  const unreadable = new Set<string>();
  let asked: { day: string; rates: RatesInForce } | undefined;
  const learn = (rate: StoredRate) => {
    const key = rateKey(rate);
    if (rate.reporting_currency !== estate.reporting_currency) return;
    if ((known.get(key)?.version ?? 0) >= rate.version) return;
    known.set(key, rate);
    asked = undefined;
  };
  const watch = await watchBucket(await openBucket(nc, buckets.rates), (entry) => {
    if (entry.operation !== 'PUT') {
      unreadable.delete(entry.key);
      known.delete(entry.key);
      asked = undefined;
      return;
    }
    try {
      learn(readEntry(entry, storedRate));
      unreadable.delete(entry.key);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unreadable.add(entry.key);
      log.error({ err: error }, 'a stored rate counts as absent');
    }
  });
  await watch.ready;
  const on = (day: string) => ratesOn(day, estate, known.values());
  return {
    on,
    today: () => {
      const day = dayOf(now());
      if (asked?.day !== day) asked = { day, rates: on(day) };
      return asked.rates;
    },
    all: () => [...known.values()],
    unreadable: () => [...unreadable].sort(),
    learn,
    stop: () => watch.stop(),
  };
}

/** Under which a rate is kept. */
export const rateKey = (rate: Pick<StoredRate, 'reporting_currency' | 'currency' | 'day'>): string =>
  `${rate.reporting_currency}.${rate.currency}.${rate.day}`;
