import { z } from 'zod';
import { connectNats } from '#platform/nats/connect.ts';
import { silentLog } from '#platform/log.ts';
import type { ConnectorCall } from '#sync-engine/flows/inventory/connector-call.ts';
import type { StockClient } from '#sync-engine/stock/client.ts';
import { startNats } from '#tests/support/nats.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { readSteps, startStock } from '#tests/support/stock.ts';

export interface StockFigures {
  /** Orders of two lines reserved a second, each across up to two partitions, steps published beside. */
  reservations_per_s: number;
  p50_ms: number;
  p99_ms: number;
  /** The same while every order wants the one same item. */
  one_item_per_s: number;
  one_item_p99_ms: number;
  /** Step events the reservations of distinct items came to, per order. */
  steps_per_order: number;
}

const ITEMS = 2_000;

/**
 * Reserves orders through the client against real writers in this process: journal, steps and a channel that confirms
 * at once. One process does the asking and the answering, so the figures are of both sides together.
 */
export async function benchStock(options: { orders?: number; concurrency?: number } = {}): Promise<StockFigures> {
  const { orders = 10_000, concurrency = 200 } = options;
  const nats = await startNats();
  const replica = await startStock(nats.url, {
    ttlMs: 10_000,
    estate: testEstate(),
    publishCall: confirmAtOnce,
    publishEveryMs: 250,
  });
  const nc = await connectNats({ url: nats.url, name: 'bench-stock', log: silentLog });
  try {
    const { client } = replica.stock;
    await fill(client);
    const before = (await readSteps(nc)).length;
    const spread = await reserve(client, orders, concurrency, (i) => [
      `SKU-${i % ITEMS}`,
      `SKU-${(i * 7 + 3) % ITEMS}`,
    ]);
    const hot = await reserve(client, orders, concurrency, () => ['SKU-HOT']);
    await replica.stock.stop();
    const steps = await readSteps(nc);
    const ofSpread = steps.slice(before).filter((event) => event.sku !== 'SKU-HOT').length;
    return {
      reservations_per_s: Math.round(spread.perSecond),
      p50_ms: spread.p50,
      p99_ms: spread.p99,
      one_item_per_s: Math.round(hot.perSecond),
      one_item_p99_ms: hot.p99,
      steps_per_order: Math.round((ofSpread / orders) * 10) / 10,
    };
  } finally {
    await nc.close();
    await replica.stop();
    await nats.close();
  }
}

const batch = z.object({ items: z.array(z.unknown()) });
const confirmAtOnce: ConnectorCall = (_system, _verb, input) =>
  Promise.resolve({ accepted: batch.parse(input).items.length } as never);

async function fill(client: StockClient): Promise<void> {
  const skus = [...Array.from({ length: ITEMS }, (_, i) => `SKU-${i}`), 'SKU-HOT'];
  const occurred_at = new Date().toISOString();
  await Promise.all(
    skus.map((sku) =>
      client.change({
        schema_version: 1,
        change_id: sku,
        source: 'wms-east',
        sku,
        location: 'dc-east',
        reason: 'count',
        quantity: 1_000_000,
        version: 1,
        occurred_at,
      }),
    ),
  );
}

async function reserve(
  client: StockClient,
  orders: number,
  concurrency: number,
  skusOf: (i: number) => string[],
): Promise<{ perSecond: number; p50: number; p99: number }> {
  const took: number[] = [];
  let next = 0;
  const from = performance.now();
  const customer = async (): Promise<void> => {
    for (let i = next++; i < orders; i = next++) {
      const skus = skusOf(i);
      const asked = performance.now();
      const result = await client.reserveOrder({
        order_key: `bench==${skus.length}-${i}`,
        lines: skus.map((sku) => ({ sku, quantity: 1 })),
        locations: ['dc-east'],
      });
      took.push(performance.now() - asked);
      if (!result.ok) throw new Error(`order ${i} was not reserved`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, customer));
  const seconds = (performance.now() - from) / 1000;
  took.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((took[Math.floor(took.length * share)] ?? 0) * 10) / 10;
  return { perSecond: orders / seconds, p50: at(0.5), p99: at(0.99) };
}

if (import.meta.url === `file://${process.argv[1]}`) process.stdout.write(`${JSON.stringify(await benchStock())}\n`);
