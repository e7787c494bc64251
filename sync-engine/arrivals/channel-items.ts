import type { NatsConnection } from '@nats-io/nats-core';
import { encodeToken } from '#contracts/v1/key.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { getEntry, type KV, openBucket } from '#platform/nats/kv.ts';

/**
 * Our SKU of what channels know by numbers of their own, durably: asking costs a channel's rate, and a mass edit in its
 * admin tells of thousands at once.
 */
export class ChannelItems {
  readonly #kv: KV;

  private constructor(kv: KV) {
    this.#kv = kv;
  }

  static async open(nc: NatsConnection): Promise<ChannelItems> {
    return new ChannelItems(await openBucket(nc, buckets.channelItems));
  }

  /** As it was when it was last asked: a channel may give an item another SKU. */
  async sku(system: string, item: string): Promise<string | undefined> {
    return (await getEntry(this.#kv, keyOf(system, item)))?.string();
  }

  async learn(system: string, item: string, sku: string): Promise<void> {
    await this.#kv.put(keyOf(system, item), sku);
  }
}

const keyOf = (system: string, item: string): string => `${system}.${encodeToken(item)}`;
