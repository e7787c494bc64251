import { staleItems } from '#app/queries/inventory-freshness.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';
import { publishedPairs } from './live.ts';

const limit = 200;

/** Items whose newest change has waited unpublished longer than the target, the longest first, at most 200. */
export async function presentStaleItems(context: AppContext) {
  const { estate } = context;
  const before = context.now().getTime() - estate.publication_target_s * 1_000;
  const rows = await context.read(staleItems, {
    ...publishedPairs(estate),
    stale_before: new Date(Math.floor(before / 1_000) * 1_000).toISOString(),
    limit,
  });
  const names = estateNames(estate);
  return {
    targetS: estate.publication_target_s,
    cut: rows.length === limit,
    items: rows.map((row) => ({
      id: `${row.sku}@${row.location}@${row.channel}`,
      sku: row.sku,
      location: names.locations[row.location] ?? row.location,
      channel: names.channels[row.channel]?.name ?? row.channel,
      changedAt: row.changed_at,
      published: row.published,
    })),
  };
}
export type StaleItemsView = Awaited<ReturnType<typeof presentStaleItems>>;
