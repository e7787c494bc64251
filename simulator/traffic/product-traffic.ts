import type { CatalogueItem } from '../catalogue/catalogue.ts';
import { pause } from '../intake-client.ts';
import type { Random } from '../random.ts';
import { pauses } from './pauses.ts';
import type { TrafficContext } from './traffic.ts';

/** Seconds between two changes of a product, on average. */
const MEAN_PAUSE_S = 40;
const editions = ['', ' – new edition', ' – limited', ' – recycled fabric'];

/** The product team at work: now and then an item is described anew. */
export async function productTraffic(
  { catalogue, intake }: TrafficContext,
  apiKey: string,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const items: readonly CatalogueItem[] = catalogue.active;
  if (items.length === 0) return;
  for (const ms of pauses(random, MEAN_PAUSE_S, 120)) {
    await pause(ms, signal);
    if (signal.aborted) return;
    const item = random.pick(items);
    await intake.deliver({
      method: 'PUT',
      path: `/v1/products/${encodeURIComponent(item.sku)}`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'x-syncline-origin': 'simulated',
      },
      body: JSON.stringify({
        title: `${item.title}${random.pick(editions)}`,
        active: item.active,
        brand: item.brand,
        gtin: item.gtin,
        unit_of_measure: 'EA',
        weight_grams: item.weightGrams,
        tax_category: item.taxCategory,
        updated_at: new Date().toISOString(),
      }),
    });
  }
}
