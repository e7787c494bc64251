import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { price, type Price } from '#contracts/v1/catalogue.ts';
import { encodeToken } from '#contracts/v1/key.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { compareAndSwap, getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { priceInForce, type PriceTerm, stillOfUse } from './in-force.ts';

const terms = z.array(
  price.pick({ version: true, amount: true, compare_at: true, currency: true, starts_at: true, ends_at: true }),
);

/**
 * The prices of each SKU and channel that are or may come into force, durable in KV. One that is over stays until its own
 * transaction has seen to what follows it.
 */
export class PriceBook {
  readonly #kv: KV;

  private constructor(kv: KV) {
    this.#kv = kv;
  }

  static async open(nc: NatsConnection): Promise<PriceBook> {
    return new PriceBook(await openBucket(nc, buckets.prices));
  }

  /**
   * Notes a price beside the others; the same version again changes nothing.
   * @param instead what was noted of the same message before somebody corrected it.
   */
  async note(told: Price, now: Date, instead?: Price): Promise<void> {
    const key = keyOf(told.channel, told.sku);
    const old = instead && keyOf(instead.channel, instead.sku);
    if (instead !== undefined && old !== undefined && old !== key)
      await this.#change(old, (known) => known.filter((one) => one.version !== instead.version));
    const { version, amount, compare_at, currency, starts_at, ends_at } = told;
    const term: PriceTerm = {
      ...{ version, amount, currency, starts_at },
      ...(compare_at === undefined ? {} : { compare_at }),
      ...(ends_at === undefined ? {} : { ends_at }),
    };
    await this.#change(key, (known) => {
      const others = old === key ? known.filter((one) => one.version !== instead?.version) : known;
      return others.some((one) => one.version === version) ? others : stillOfUse([...others, term], now);
    });
  }

  /** Was this version noted, so that others may have gone by it? */
  async has({ channel, sku, version }: Price): Promise<boolean> {
    return (await this.#known(keyOf(channel, sku))).some((one) => one.version === version);
  }

  /** Forgets a price that is over. Repeating it changes nothing. */
  end({ channel, sku, version }: Price): Promise<void> {
    return this.#change(keyOf(channel, sku), (known) => known.filter((one) => one.version !== version));
  }

  async #change(key: string, change: (known: PriceTerm[]) => PriceTerm[]): Promise<void> {
    for (;;) {
      const stored = await getJson(this.#kv, key, terms);
      const known: PriceTerm[] = stored?.value ?? [];
      const kept = JSON.stringify(change(known));
      if (kept === JSON.stringify(known)) return;
      crashPoint('engine.price.before');
      const done = await compareAndSwap(this.#kv, key, kept, stored?.revision ?? 0);
      crashPoint('engine.price.after');
      if (done !== undefined) return;
    }
  }

  async inForce(channel: string, sku: string, at: Date): Promise<PriceTerm | undefined> {
    return priceInForce(await this.#known(keyOf(channel, sku)), at);
  }

  async #known(key: string): Promise<PriceTerm[]> {
    return (await getJson(this.#kv, key, terms))?.value ?? [];
  }
}

const keyOf = (channel: string, sku: string): string => `${channel}.${encodeToken(sku)}`;
