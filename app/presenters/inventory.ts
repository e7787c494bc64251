import type { Chip } from '#app/components/chips.tsx';
import { itemPageSize } from '#app/inventory/paths.ts';
import { type FreshnessCell, freshnessByPlace } from '#app/queries/inventory-freshness.ts';
import { itemCount, itemStates } from '#app/queries/inventory-items.ts';
import {
  publicationLatency,
  publicationLatencyByPlace,
  publicationLatencyOverTime,
} from '#app/queries/publication-latency.ts';
import { latestRuns } from '#app/queries/reconciliation.ts';
import { stockChangeCount } from '#app/queries/stock-changes.ts';
import type { AppContext } from '#app/server/context.ts';
import { inBuckets, rangeSearch, readTimeRange } from '#app/time-range.ts';
import { itemState } from '#app/words/inventory.ts';
import { type EstateNames, estateNames } from '#app/words/names.ts';
import { freshnessMap, sumOfCells } from './freshness-map.ts';
import { describeItems, itemQuestion, type ItemQuestion } from './inventory-items.ts';
import { inventoryTiles } from './inventory-tiles.ts';
import { latencyMap, mostColumns } from './latency-map.ts';
import { publishedPairs, type Pairs, staleBefore } from './published-pairs.ts';
import { seriesOf } from './series.ts';

/** How fresh what channels show is, by place and over time, and the items that the address asks for. */
export async function presentInventory(context: AppContext, search: URLSearchParams) {
  const { estate, read } = context;
  const now = context.now();
  const range = readTimeRange(search, now);
  const { from, to, bucketSeconds: bucket } = range;
  const window = { from, to };
  const columns = inBuckets(range, mostColumns);
  const pairs = publishedPairs(estate);
  const { filter, page, query } = itemQuestion(search, estate, now);
  const byTime = search.get('map') === 'latency';
  const events = { ...window, sku: '', locations: [], channels: [], text: '' };
  const places = read(freshnessByPlace, { ...pairs, stale_before: staleBefore(estate, now) });
  const [rows, total, cells, [latency], points, slow, [superseded], [changes], runs] = await Promise.all([
    read(query, { ...filter, limit: itemPageSize, offset: (page - 1) * itemPageSize }),
    countItems(context, filter, places),
    places,
    read(publicationLatency, window),
    read(publicationLatencyOverTime, { ...window, bucket }),
    byTime ? read(publicationLatencyByPlace, { ...window, bucket: columns.bucketSeconds }) : [],
    read(stockChangeCount, { ...events, kinds: ['superseded'] }),
    read(stockChangeCount, { ...events, kinds: ['changed'] }),
    read(latestRuns, {}),
  ]);
  const names = estateNames(estate);
  const carried = rangeSearch(search);
  const targetMs = estate.publication_target_s * 1_000;
  const oldest = cells.map(({ oldest_at }) => oldest_at).filter((at) => at !== '');
  return {
    within: range.words,
    targetMs,
    range: carried,
    tiles: inventoryTiles({
      freshness: { ...sumOfCells(cells), oldest_at: oldest.sort()[0] ?? '' },
      latency: latency ?? { publications: 0, latency: [] },
      superseded: superseded?.changes ?? 0,
      changes: changes?.changes ?? 0,
      latestStockRun: runs.find(({ kind }) => kind === 'stock'),
      targetMs,
      now: now.getTime(),
      points: seriesOf(points, range, null, ({ p95 }) => p95),
      range: carried,
    }),
    freshness: byTime ? undefined : freshnessMap(cells, names, carried),
    latency: byTime ? latencyMap(slow, columns, targetMs, names) : undefined,
    items: await describeItems(context, rows, carried),
    page,
    total,
    filtered: ['state', 'channel', 'location', 'q'].some((name) => search.has(name)),
    chips: chipsOf(search, filter.states, names),
    options: optionsOf(pairs, names),
  };
}
export type InventoryView = Awaited<ReturnType<typeof presentInventory>>;

/** How many items a list has; by places and by waiting the map has counted them already. */
async function countItems(
  { read }: AppContext,
  filter: ItemQuestion['filter'],
  places: Promise<readonly FreshnessCell[]>,
): Promise<number> {
  const { states, text, locations, channels } = filter;
  const [state] = states;
  if (text !== '' || states.length > 1 || state === 'fresh' || state === 'contested') {
    const [count] = await read(itemCount, filter);
    return count?.items ?? 0;
  }
  const asked = new Set(locations.map((location, index) => `${location} ${channels[index] ?? ''}`));
  const sum = sumOfCells((await places).filter(({ location, channel }) => asked.has(`${location} ${channel}`)));
  if (state === undefined) return sum.items;
  return state === 'stale' ? sum.stale : sum.waiting - sum.stale;
}

function optionsOf(pairs: Pairs, names: EstateNames) {
  const named = (ids: readonly string[], nameOf: (id: string) => string) =>
    [...new Set(ids)].map((value) => ({ value, label: nameOf(value) }));
  return {
    states: itemStates.map((value) => ({ value, label: itemState(value).word })),
    channels: named(pairs.channels, (id) => names.channels[id]?.name ?? id),
    locations: named(pairs.locations, (id) => names.locations[id] ?? id),
  };
}

function chipsOf(search: URLSearchParams, states: readonly (typeof itemStates)[number][], names: EstateNames): Chip[] {
  const q = search.get('q') ?? '';
  return [
    ...states.map((value) => ({ name: 'state', value, label: itemState(value).word })),
    ...placeChips(search, names),
    ...(q === '' ? [] : [{ name: 'q', value: q, label: `SKU: ${q}` }]),
  ];
}

/** Channels and locations that an address asks for. */
export function placeChips(search: URLSearchParams, names: EstateNames): Chip[] {
  return [
    ...search
      .getAll('channel')
      .map((value) => ({ name: 'channel', value, label: `Channel: ${names.channels[value]?.name ?? value}` })),
    ...search
      .getAll('location')
      .map((value) => ({ name: 'location', value, label: `Location: ${names.locations[value] ?? value}` })),
  ];
}
