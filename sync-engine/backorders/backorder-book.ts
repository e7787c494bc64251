import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { instant, quantity, sku, slug } from '#contracts/v1/primitives.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { type KV, openBucket } from '#platform/nats/kv.ts';

/** Type of the signal that an order gets when there is stock for it. */
export const STOCK_AVAILABLE = 'stock_available';

export const backorder = z.object({
  placed_at: instant,
  /** Where it may come from, in order of preference. */
  locations: z.array(slug).min(1),
  lines: z.array(z.object({ sku, quantity: quantity.min(1) })).min(1),
});
export type Backorder = z.infer<typeof backorder>;

/** Orders that wait for stock, durable in KV under their transaction keys. */
export class BackorderBook {
  readonly kv: KV;

  private constructor(kv: KV) {
    this.kv = kv;
  }

  static async open(nc: NatsConnection): Promise<BackorderBook> {
    return new BackorderBook(await openBucket(nc, buckets.backorders));
  }

  /** The order waits for these units; noting it again replaces what it waited for. */
  async wait(orderKey: string, waiting: Backorder): Promise<void> {
    await this.kv.put(orderKey, JSON.stringify(waiting));
  }

  /** The order waits for nothing any more. */
  async end(orderKey: string): Promise<void> {
    await this.kv.delete(orderKey);
  }
}
