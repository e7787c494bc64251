import { csvResponse } from '#app/csv/csv.ts';
import { presentStores } from '#app/presenters/stores.ts';
import type { AppContext } from '#app/server/context.ts';

const head = [
  'Store',
  'Id',
  'Line',
  'Last batch (UTC)',
  'Number',
  'Kept, batches',
  'Open day, receipts',
  'Last day',
  'Takings',
  'Currency',
  'Journal',
  'Days in quarantine',
  'Ownership',
  'Region',
  'Company',
];

/** The stores that an address asks for as CSV, in the order of the list. */
export function exportStores(context: AppContext, search: URLSearchParams): Response {
  async function* pages() {
    const { stores } = await presentStores(context, search);
    yield stores.map(({ open, settled, ...store }) => [
      ...[store.name, store.id, store.word, store.lastAt],
      ...(store.lastAt === '' ? ['', ''] : [store.sequence, store.backlog]),
      ...[open?.receipts ?? '', settled?.date ?? '', settled?.takings ?? '', settled?.currency ?? ''],
      ...[settled?.word ?? '', store.stopped, store.ownership, store.region, store.company],
    ]);
  }
  return csvResponse('stores.csv', head, pages());
}
