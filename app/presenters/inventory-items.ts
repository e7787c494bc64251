import { readListAddress } from '#app/components/table-address.ts';
import { readItemFilter } from '#app/inventory/filters.ts';
import { skuPath } from '#app/inventory/paths.ts';
import {
  itemList,
  type ItemRow,
  itemSorts,
  type StockDrift,
  stockDrifts,
  stockPositions,
  toldQuantities,
} from '#app/queries/inventory-items.ts';
import { breakPath } from '#app/reconciliation/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { itemState } from '#app/words/inventory.ts';
import { type EstateNames, estateNames, systemName } from '#app/words/names.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { sellable } from '#contracts/v1/stock-rules.ts';
import { publishedPairs, staleBefore } from './published-pairs.ts';

/** The filter and the query behind a list's address; the export uses the very same. */
export function itemQuestion(search: URLSearchParams, estate: Estate, now: Date) {
  const filter = { ...readItemFilter(search, publishedPairs(estate)), stale_before: staleBefore(estate, now) };
  const address = readListAddress(search, itemSorts, { id: 'since', descending: false });
  const sort = itemSorts.find((one) => one === address.sort?.id) ?? 'since';
  return { filter, page: address.page, query: itemList(sort, address.sort?.descending ?? false) };
}

export type ItemQuestion = ReturnType<typeof itemQuestion>;

/**
 * Items as lists show them: how they wait, with what is there, what the channel was told and what comparisons found.
 * @param range - the time range's part of the address, carried to the SKU's page
 */
export async function describeItems(
  { read, estate }: Pick<AppContext, 'read' | 'estate'>,
  rows: readonly ItemRow[],
  range = '',
) {
  const places = [...new Map(rows.map((row) => [`${row.sku}\n${row.location}`, row])).values()];
  const asked = { skus: places.map(({ sku }) => sku), at: places.map(({ location }) => location) };
  const [positions, told, drifts] =
    rows.length === 0
      ? [[], [], []]
      : await Promise.all([read(stockPositions, asked), read(toldQuantities, asked), read(stockDrifts, asked)]);
  const names = estateNames(estate);
  const positionOf = new Map(positions.map((one) => [`${one.sku}\n${one.location}`, one]));
  const toldOf = new Map(told.map((one) => [`${one.sku}\n${one.location}\n${one.channel}`, one]));
  return rows.map((row) => {
    const place = `${row.sku}\n${row.location}`;
    const position = positionOf.get(place);
    const offered = position && sellable(position, ...offerTerms(estate, row));
    const published = toldOf.get(`${place}\n${row.channel}`)?.quantity;
    const waits = row.state === 'stale' || row.state === 'waiting';
    return {
      id: `${place}\n${row.channel}`,
      sku: row.sku,
      path: skuPath(row.sku, range),
      locationId: row.location,
      channelId: row.channel,
      location: names.locations[row.location] ?? row.location,
      channel: names.channels[row.channel]?.name ?? row.channel,
      ...itemState(row.state),
      onHand: position?.on_hand,
      reserved: position?.reserved,
      sellable: offered,
      published,
      apart: offered === undefined || published === undefined ? undefined : published - offered,
      changedAt: position?.newest_change_at ?? row.changed_at,
      waitsSince: waits ? row.changed_at : '',
      confirmedAt: row.told_at,
      drifts: drifts
        .filter(
          ({ sku, location, channel }) =>
            sku === row.sku && location === row.location && ['', row.channel].includes(channel),
        )
        .map((drift) => presentDrift(drift, names)),
    };
  });
}
export type ItemLine = Awaited<ReturnType<typeof describeItems>>[number];

/** Safety stock of the location and the channel's share, as the estate declares them. */
export function offerTerms(estate: Estate, item: { location: string; channel: string }): [number, number] {
  return [
    estate.locations.find(({ id }) => id === item.location)?.safety_stock ?? 0,
    estate.channels.find(({ id }) => id === item.channel)?.allocation_percent ?? 0,
  ];
}

export function presentDrift(drift: StockDrift, names: EstateNames) {
  const name =
    drift.channel === '' ? systemName(names, drift.system) : (names.channels[drift.channel]?.name ?? drift.channel);
  return { id: drift.break_id, name, difference: drift.difference, path: breakPath(drift.break_id) };
}
export type DriftLine = ReturnType<typeof presentDrift>;
