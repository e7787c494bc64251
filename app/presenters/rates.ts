import { may } from '#contracts/v1/permissions.ts';
import type { StoredRate } from '#contracts/v1/rate.ts';
import { dayOf, rateKey, type RatesInForce } from '#platform/rates.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { Chip } from '#app/components/chips.tsx';
import type { Condition } from '#app/components/status-mark.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { ratePageSize } from '#app/rates/paths.ts';
import type { AppContext } from '#app/server/context.ts';

/** A rate as its line of the table shows it. Days are UTC; the estate file's rates have none, nor a version. */
export interface RateLine {
  key: string;
  day: string;
  currency: string;
  rate: string;
  state: { condition: Condition; word: string };
  setBy: string;
  setAt: string;
  reason: string;
  version: number;
  /** What it was before it was corrected, newest first. */
  former: { rate: string; setBy: string; setAt: string }[];
}

type Asked = Pick<AppContext, 'rates' | 'estate' | 'now'>;

/** The lines of the table that an address asks for: the newest day first, the estate file's rates last. */
export function rateLines({ rates, estate, now }: Asked, search: URLSearchParams): RateLine[] {
  const today = dayOf(now());
  const inForce = rates.today();
  const chosen = new Set(search.getAll('currency'));
  const declared = Object.entries(estate.rates)
    .filter(([currency]) => currency !== estate.reporting_currency)
    .map(([currency, rate]): RateLine => {
      const beginning = { currency, day: '', rate };
      return {
        ...beginning,
        key: rateKey({ reporting_currency: estate.reporting_currency, ...beginning }),
        state: stateOf(beginning, inForce, today),
        ...{ setBy: '', setAt: '', reason: 'the beginning, from the estate file', version: 0, former: [] },
      };
    });
  return [...rates.all().map((one) => presentRate(one, inForce, today)), ...declared]
    .filter(({ currency }) => chosen.size === 0 || chosen.has(currency))
    .sort((a, b) => (a.day === b.day ? a.currency.localeCompare(b.currency) : a.day < b.day ? 1 : -1));
}

function presentRate(one: StoredRate, inForce: RatesInForce, today: string): RateLine {
  const { day, currency, rate, reason, version, former } = one;
  return {
    ...{ key: rateKey(one), day, currency, rate, reason, version },
    state: stateOf(one, inForce, today),
    setBy: one.set_by,
    setAt: one.set_at,
    former: former.map((before) => ({ rate: before.rate, setBy: before.set_by, setAt: before.set_at })),
  };
}

function stateOf(
  { day, currency }: Pick<RateLine, 'day' | 'currency'>,
  { of }: RatesInForce,
  today: string,
): RateLine['state'] {
  if (day > today) return { condition: 'info', word: 'to come' };
  return of.get(currency)?.since === day
    ? { condition: 'good', word: 'in force' }
    : { condition: 'none', word: 'replaced' };
}

/** Everything the page of rates shows. */
export function presentRates(context: Asked, viewer: Viewer, search: URLSearchParams) {
  const { page } = readListAddress(search, []);
  const all = rateLines(context, new URLSearchParams());
  const listed = rateLines(context, search);
  const currencies = [...new Set(all.map(({ currency }) => currency))].sort();
  return {
    today: dayOf(context.now()),
    reportingCurrency: context.estate.reporting_currency,
    inForce: all
      .filter(({ state }) => state.word === 'in force')
      .sort((a, b) => a.currency.localeCompare(b.currency))
      .map(({ currency, rate, day, setBy }) => ({ currency, rate, day, setBy })),
    lines: listed.slice((page - 1) * ratePageSize, page * ratePageSize),
    page,
    total: listed.length,
    currencies: currencies.map((value) => ({ value, label: value })),
    chips: search
      .getAll('currency')
      .filter((value) => currencies.includes(value))
      .map((value): Chip => ({ name: 'currency', value, label: `Currency: ${value}` })),
    unreadable: context.rates.unreadable(),
    mayWrite: may(viewer.roles, 'rates.write'),
  };
}
export type RatesView = ReturnType<typeof presentRates>;
