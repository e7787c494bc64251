import { readListAddress } from '#app/components/table-address.ts';
import { readChangeFilter } from '#app/inventory/filters.ts';
import { changePageSize, skuPath } from '#app/inventory/paths.ts';
import { maskText } from '#app/payloads/mask.ts';
import { changeKinds, stockChangeCount, type StockChangeRow, stockChanges } from '#app/queries/stock-changes.ts';
import type { AppContext } from '#app/server/context.ts';
import { rangeSearch, readTimeRange } from '#app/time-range.ts';
import { changeKind, changeReasons } from '#app/words/inventory.ts';
import { type EstateNames, estateNames, inWords } from '#app/words/names.ts';
import { placeChips } from './inventory.ts';
import { presentCauses } from './stock-causes.ts';

/** A change of stock, or a channel told of it, as lists show it. Pure. */
export function presentStockChange(row: StockChangeRow, names: EstateNames, range: string) {
  const ofStock = row.kind === 'changed' || row.kind === 'superseded';
  const of = ofStock && row.coalesced > 1 ? ` (${row.coalesced} coalesced)` : '';
  return {
    id: `${row.key}:${row.ordinal}`,
    at: row.at,
    sku: row.sku,
    path: skuPath(row.sku, range),
    location: names.locations[row.location] ?? row.location,
    channel: names.channels[row.channel]?.name ?? row.channel,
    ...changeKind(row.kind),
    reason: ofStock ? `${changeReasons(row.reason)}${of}` : '',
    causes: presentCauses(row.caused_by, names),
    onHand: row.on_hand,
    reserved: row.reserved,
    inTransit: row.in_transit,
    offerable: row.sellable,
    told: row.quantity ?? undefined,
    /** From the oldest change it carried to its confirmation. */
    latencyMs: row.kind === 'published' ? Date.parse(row.at) - Date.parse(row.occurred_at) : undefined,
    error: row.error_code === '' ? '' : `${row.error_code}: ${inWords(maskText(row.error_message), names)}`,
    version: row.version,
  };
}
export type StockChangeLine = ReturnType<typeof presentStockChange>;

/** Events of the window that the address asks for. @param sku - one whose history it is; empty for all */
export async function presentStockChanges(context: AppContext, search: URLSearchParams, sku = '') {
  const { estate, read } = context;
  const now = context.now();
  const filter = readChangeFilter(search, now, sku);
  const { page } = readListAddress(search, []);
  const [rows, [count]] = await Promise.all([
    read(stockChanges, { ...filter, limit: changePageSize, offset: (page - 1) * changePageSize }),
    read(stockChangeCount, filter),
  ]);
  const names = estateNames(estate);
  const range = rangeSearch(search);
  const q = search.get('q') ?? '';
  return {
    changes: rows.map((row) => presentStockChange(row, names, range)),
    range,
    page,
    total: count?.changes ?? 0,
    within: readTimeRange(search, now).words,
    final: search.get('range') === 'custom',
    filtered: ['kind', 'location', 'channel', 'q'].some((name) => search.has(name)),
    chips: [
      ...filter.kinds.map((value) => ({ name: 'kind', value, label: changeKind(value).word })),
      ...placeChips(search, names),
      ...(q === '' ? [] : [{ name: 'q', value: q, label: `SKU: ${q}` }]),
    ],
    options: {
      kinds: changeKinds.map((value) => ({ value, label: changeKind(value).word })),
      channels: estate.channels.map(({ id, name }) => ({ value: id, label: name })),
      locations: estate.locations.map(({ id, name }) => ({ value: id, label: name })),
    },
  };
}
export type StockChangesView = Awaited<ReturnType<typeof presentStockChanges>>;
