import type { Estate } from '#contracts/v1/estate.ts';
import type { DatedRate } from '#contracts/v1/rate.ts';

const EARLIEST = '2000-01-01';
const DAYS_AHEAD = 366;
const currencies = new Set(Intl.supportedValuesOf('currency'));

/** What is wrong with rates that somebody wants to set, by JSON Pointer into the command. Pure. @param today UTC day */
export function rateProblems(
  entries: readonly DatedRate[],
  { reporting_currency }: Pick<Estate, 'reporting_currency'>,
  today: string,
): { path: string; message: string }[] {
  const latest = new Date(Date.parse(today) + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10);
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const { day, currency } = entry;
    const at = (field: keyof DatedRate, message: string) => ({ path: `/entries/${index}/${field}`, message });
    const again = seen.has(`${currency} ${day}`);
    seen.add(`${currency} ${day}`);
    return [
      ...(day < EARLIEST || day > latest
        ? [at('day', `${day} is not within ${EARLIEST} to ${latest}: check the year.`)]
        : []),
      ...(currency === reporting_currency
        ? [at('currency', `${currency} is the reporting currency: it is always 1.`)]
        : currencies.has(currency)
          ? []
          : [at('currency', `${currency} is no currency: give its ISO 4217 code.`)]),
      ...(again ? [at('day', `${currency} of ${day} stands here twice: leave one.`)] : []),
    ];
  });
}
