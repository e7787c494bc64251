import { csvResponse } from '#app/csv/csv.ts';
import { presentStockChange } from '#app/presenters/stock-changes.ts';
import { stockChanges } from '#app/queries/stock-changes.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';
import { readChangeFilter } from './filters.ts';

const rowsAtOnce = 2_000;

const head = [
  ...['Time (UTC)', 'SKU', 'Location', 'What', 'Channel', 'Reason', 'By', 'On hand', 'Reserved', 'In transit'],
  ...['Offerable', 'Told', 'Latency, ms', 'Error'],
];

/** The list of stock changes as CSV, of one SKU where the address names it: `sku=`. */
export function exportStockChanges(context: AppContext, search: URLSearchParams): Response {
  const filter = readChangeFilter(search, context.now(), (search.get('sku') ?? '').slice(0, 200));
  const names = estateNames(context.estate);
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(stockChanges, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const one = presentStockChange(row, names, '');
        return [
          ...[one.at, one.sku, one.location, one.word, one.channel, one.reason],
          ...[one.causes.map(({ title }) => title).join(' '), one.onHand, one.reserved, one.inTransit, one.offerable],
          ...[one.told ?? '', one.latencyMs ?? '', one.error],
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('stock-changes.csv', head, pages());
}
