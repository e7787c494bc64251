import type { Product } from '#contracts/v1/catalogue.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { messageData, startMessage } from '../flows/message.ts';
import type { ProductData, ProductEnv } from '../flows/product/product-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Arrival } from './arrival.ts';

/** Begins the publication of a product that was told, in each channel whose products come from the item master. */
export type ProductPublication = (product: Product, arrival: Arrival) => Promise<void>;

/**
 * Repeating it is harmless. What is loaded as history is taken as published: an estate that goes live tells its whole
 * catalogue once, and its channels have it already.
 */
export const publishProducts =
  (runner: Runner<ProductData, ProductEnv>, { channels }: Pick<Estate, 'channels'>): ProductPublication =>
  async ({ sku, brand, updated_at }, arrival) => {
    if (arrival.headers['syncline-origin'] === 'backfill') return;
    for (const { id, region, legal_entity } of channels.filter(({ products }) => products === 'published'))
      await startMessage(runner, 'validate', arrival, messageData(arrival), {
        name: `product-${id}-${sku}-${Date.parse(updated_at)}`,
        dimensions: { business_key: `${sku}@${id}`, sku, brand, channel: id, region, legal_entity },
      });
  };
