import { skuPath } from '#app/inventory/paths.ts';
import { itemList, stockDrifts } from '#app/queries/inventory-items.ts';
import { skuPositions, stockOverTime } from '#app/queries/stock-changes.ts';
import type { AppContext } from '#app/server/context.ts';
import { rangeSearch, readTimeRange, type TimeRange } from '#app/time-range.ts';
import { estateNames } from '#app/words/names.ts';
import { describeItems } from './inventory-items.ts';
import { publishedPairs, staleBefore } from './published-pairs.ts';
import { bucketStarts } from './series.ts';
import { takeApart } from './sku-availability.ts';
import { presentStockChanges } from './stock-changes.ts';
import { activityKinds, activitySeries, onHandSeries } from './stock-over-time.ts';

/** Items of one SKU at most: every place that it is published to. */
const ITEMS_MAX = 5_000;

/** One SKU: its availability taken apart, and what happened to it in the window. @throws Response 404 where it has no stock */
export async function presentSku(context: AppContext, sku: string, search: URLSearchParams) {
  const { estate, read } = context;
  const now = context.now();
  const range = readTimeRange(search, now);
  const window = { from: range.from, to: range.to };
  // Positions are of now, to the second after this one, so that what has just landed is among them.
  const until = new Date(Math.ceil(now.getTime() / 1_000 + 1) * 1_000).toISOString();
  const asked = { sku, text: '', states: [], ...publishedPairs(estate), stale_before: staleBefore(estate, now) };
  const [positions, before, buckets, rows, history] = await Promise.all([
    read(skuPositions, { sku, until }),
    read(skuPositions, { sku, until: firstBucketOf(range) }),
    read(stockOverTime, { ...window, sku, bucket: range.bucketSeconds }),
    read(itemList('location', false), { ...asked, limit: ITEMS_MAX, offset: 0 }),
    presentStockChanges(context, search, sku),
  ]);
  if (positions.length === 0) throw new Response('No stock of this SKU is known.', { status: 404 });
  const at = positions.map(({ location }) => location);
  const [items, drifts] = await Promise.all([
    describeItems(context, rows),
    read(stockDrifts, { skus: at.map(() => sku), at }),
  ]);
  const names = estateNames(estate);
  const sum = (figure: 'on_hand' | 'reserved' | 'in_transit') =>
    positions.reduce((total, position) => total + position[figure], 0);
  return {
    sku,
    path: skuPath(sku),
    within: range.words,
    bucketSeconds: range.bucketSeconds,
    range: rangeSearch(search),
    sums: { onHand: sum('on_hand'), reserved: sum('reserved'), inTransit: sum('in_transit') },
    places: takeApart(positions, items, drifts, estate),
    onHand: onHandSeries(buckets, before, positions, range, names),
    activity: activitySeries(buckets, range),
    activityKinds,
    history,
  };
}
/** When the first bucket that is drawn begins; what was before it in the window counts as before. */
function firstBucketOf(range: TimeRange): string {
  const [first] = bucketStarts(range);
  return first === undefined ? range.from : new Date(first).toISOString();
}
export type SkuView = Awaited<ReturnType<typeof presentSku>>;
