import { csvResponse } from '#app/csv/csv.ts';
import { describeItems, itemQuestion } from '#app/presenters/inventory-items.ts';
import type { AppContext } from '#app/server/context.ts';

const rowsAtOnce = 2_000;

const head = [
  ...['SKU', 'Location', 'Channel', 'State', 'On hand', 'Reserved', 'Sellable', 'Published', 'Published − sellable'],
  ...['Newest change (UTC)', 'Waits since (UTC)', 'Confirmed (UTC)', 'Drift found by comparisons'],
];

/** The list of items as CSV: all pages of the same filters in the same order, written piece by piece. */
export function exportItems(context: AppContext, search: URLSearchParams): Response {
  const { filter, query } = itemQuestion(search, context.estate, context.now());
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield (await describeItems(context, rows)).map((one) => [
        ...[one.sku, one.location, one.channel, one.word, one.onHand ?? '', one.reserved ?? '', one.sellable ?? ''],
        ...[one.published ?? '', one.apart ?? '', one.changedAt, one.waitsSince, one.confirmedAt],
        one.drifts.map(({ name, difference }) => `${name} ${difference}`).join('; '),
      ]);
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('inventory.csv', head, pages());
}
