import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { createIntakeClient } from '#simulator/intake-client.ts';
import type { Random } from '#simulator/random.ts';
import { ITEMS_SOLD } from './master-data.ts';
import type { World } from './world.ts';

export interface Pricing {
  /** Tells a usual price and a promotion that begins and ends within two seconds, until both are accepted. */
  change(): Promise<void>;
  /** Items whose last usual price the shop does not show once everything has settled, and what it shows instead. */
  unshown(): string[];
  close(): Promise<void>;
}

const shop = z.looseObject({ prices: z.array(z.looseObject({ sku: z.string(), price: z.string() })) });

/** A pricing team beside the customers. */
export async function createPricing(world: World, random: Random): Promise<Pricing> {
  const kv = await openBucket(world.nc, buckets.apiClients);
  const wanted = { id: 'pricing', name: 'Pricing', scopes: ['prices.write' as const], quota_per_minute: 60_000 };
  const { key } = await createApiClient(kv, { ...wanted, system: 'netsuite' }, new Date());
  const client = createIntakeClient({ url: world.intakeUrl, log: silentLog, timeoutMs: 3_000 });
  const usual = new Map<string, string>();
  let version = 0;

  const put = async (sku: string, price: object) => {
    const body = JSON.stringify({ currency: 'USD', version: ++version, ...price });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    while ((await client.send({ method: 'PUT', path: `/v1/prices/web-us/${sku}`, headers, body })).status >= 300)
      await delay(200);
  };

  return {
    change: async () => {
      const { sku } = random.pick(world.simulator.catalogue.active.slice(0, ITEMS_SOLD));
      const now = Date.now();
      const amount = `${random.int(20, 90)}.00`;
      usual.set(sku, amount);
      await put(sku, { amount, starts_at: new Date(now).toISOString() });
      const begins = new Date(now + 800).toISOString();
      await put(sku, {
        amount: '9.99',
        compare_at: amount,
        starts_at: begins,
        ends_at: new Date(now + 1_800).toISOString(),
      });
    },
    unshown: () => {
      const { prices } = shop.parse(world.simulator.state('shopify-us')['shopify-us']);
      const shown = new Map(prices.map(({ sku, price }) => [sku, price]));
      return [...usual]
        .filter(([sku, amount]) => shown.get(sku) !== amount)
        .map(([sku, amount]) => `${sku} ${amount}, but ${shown.get(sku) ?? 'none'}`);
    },
    close: () => client.close(),
  };
}
