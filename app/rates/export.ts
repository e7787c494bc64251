import { csvResponse } from '#app/csv/csv.ts';
import { rateLines } from '#app/presenters/rates.ts';
import type { AppContext } from '#app/server/context.ts';

const head = ['day', 'currency', 'rate', 'state', 'set by', 'set at (UTC)', 'reason'];

/** The rate table as CSV with the filter of the address. */
export function exportRates(context: AppContext, search: URLSearchParams): Response {
  const rows = rateLines(context, search).map(({ day, currency, rate, state, setBy, setAt, reason }) => [
    ...[day, currency, rate, state.word, setBy, setAt, reason],
  ]);
  async function* pages() {
    yield await Promise.resolve(rows);
  }
  return csvResponse('rates.csv', head, pages());
}
