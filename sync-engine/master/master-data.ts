import type { KV, KvEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { product, type Product } from '#contracts/v1/catalogue.ts';
import { mapping, type Mapping, type MappingKind } from '#contracts/v1/mapping.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import { mappingKey, productKey } from './keys.ts';
import { putNewer } from './put-newer.ts';

/** Item master and mappings, in memory and current to within the watch's delay (milliseconds). */
export interface MasterData {
  /** Resolves once everything stored has been read. */
  ready: Promise<void>;
  product(sku: string): Product | undefined;
  /** As it is stored now: what another replica has just put may not have come here yet. */
  currentProduct(sku: string): Promise<Product | undefined>;
  mapping(kind: MappingKind, system: string, code: string): Mapping | undefined;
  products(): IterableIterator<Product>;
  mappings(): IterableIterator<Mapping>;
  /** Stores it unless a newer one is stored already; this process sees it at once. @returns whether it was stored. */
  putProduct(value: Product): Promise<boolean>;
  putMapping(value: Mapping): Promise<boolean>;
  stop(): void;
}

/** Follows PRODUCTS and MAPPINGS. One entry takes about a kilobyte: 100,000 SKUs are some 100 MB. */
export async function createMasterData(nc: NatsConnection, log: Log): Promise<MasterData> {
  const [products, mappings] = await Promise.all([
    follow(await openBucket(nc, buckets.products), (text) => product.parse(JSON.parse(text)), log),
    follow(await openBucket(nc, buckets.mappings), (text) => mapping.parse(JSON.parse(text)), log),
  ]);
  return {
    ready: Promise.all([products.ready, mappings.ready]).then(() => undefined),
    product: (sku) => products.get(productKey(sku)),
    currentProduct: (sku) => products.read(productKey(sku)),
    mapping: (kind, system, code) => mappings.get(mappingKey(kind, system, code)),
    products: () => products.values(),
    mappings: () => mappings.values(),
    putProduct: (value) => products.put(productKey(value.sku), value, (stored) => stored.updated_at),
    putMapping: (value) =>
      mappings.put(mappingKey(value.kind, value.system, value.code), value, (stored) => stored.changed_at),
    stop: () => {
      products.stop();
      mappings.stop();
    },
  };
}

/** One bucket as a map. A value this version cannot read is logged and treated as absent. */
async function follow<Value>(kv: KV, parse: (text: string) => Value, log: Log) {
  const known = new Map<string, { value: Value; revision: number }>();
  const remember = (key: string, value: Value, revision: number) => {
    const before = known.get(key);
    if (before === undefined || before.revision < revision) known.set(key, { value, revision });
  };
  const take = (entry: KvEntry) => {
    if (entry.operation !== 'PUT') {
      const before = known.get(entry.key);
      if (before !== undefined && before.revision < entry.revision) known.delete(entry.key);
      return;
    }
    try {
      remember(entry.key, parse(entry.string()), entry.revision);
    } catch (error) {
      log.error({ err: error, bucket: entry.bucket, key: entry.key }, 'a stored value does not fit its schema');
      known.delete(entry.key);
    }
  };
  const watch = await watchBucket(kv, take);
  return {
    ready: watch.ready,
    stop: () => watch.stop(),
    get: (key: string) => known.get(key)?.value,
    read: async (key: string) => {
      const entry = await kv.get(key);
      if (entry !== null) take(entry);
      return known.get(key)?.value;
    },
    *values(): IterableIterator<Value> {
      for (const { value } of known.values()) yield value;
    },
    put: async (key: string, value: Value, updatedAt: (value: Value) => string): Promise<boolean> => {
      const result = await putNewer(kv, key, value, { parse, updatedAt });
      remember(key, result.value, result.revision);
      return result.stored;
    },
  };
}
