import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { ordersInto, stockInto, storesInto } from './history-sql.ts';
import { casesInto } from './history-cases.ts';

/** What a day of the estate leaves; a longer history is more days, not busier ones. */
export const STEPS_PER_DAY = 250_000;
/** Days in one insert: a few million rows. */
const CHUNK_DAYS = 10;

/** No token and no check: nothing is inserted twice here. */
const settings = {
  insert_deduplicate: 0,
  deduplicate_blocks_in_dependent_materialized_views: 0,
  max_insert_threads: 1,
};

/**
 * Makes a history of about `steps` step events up to `until` inside ClickHouse: orders from intake to settled, with what is
 * under way at `until` under way, their stock, the stores' batches, and cases. The same arguments make the same rows.
 * @returns the number of steps there are
 */
export async function makeHistory(clickhouse: ClickHouse, options: { steps: number; until: Date }): Promise<number> {
  const days = Math.ceil(options.steps / STEPS_PER_DAY);
  const until = options.until.getTime();
  const midnight = (at: number) => at - (at % 86_400_000);
  const first = midnight(until) - (days - 1) * 86_400_000;
  for (let from = first; from <= until; from += CHUNK_DAYS * 86_400_000) {
    const to = Math.min(from + CHUNK_DAYS * 86_400_000, midnight(until) + 86_400_000);
    for (const insert of [ordersInto, stockInto, storesInto, casesInto])
      await clickhouse.command(insert({ from, to, until }), settings);
  }
  const [row] = await clickhouse.query('SELECT count() AS steps FROM steps', { onWriter: true });
  return Number(row?.['steps'] ?? 0);
}
