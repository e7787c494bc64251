import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#platform/log.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import type { Runner } from '../flows/runner.ts';
import { OWN_SYSTEM } from '../flows/transitions.ts';
import type { StockClient } from '../stock/client.ts';
import { type Backorder, backorder, type BackorderBook, STOCK_AVAILABLE } from './backorder-book.ts';
import { ordersToServe } from './serve.ts';

const LOOK_AGAIN_MS = 2_000;

export interface WatchBackordersOptions {
  book: BackorderBook;
  stock: Pick<StockClient, 'positions'>;
  orders: Pick<Runner<unknown, unknown>, 'signal'>;
  now: () => Date;
  log: Log;
}

/**
 * Tells orders that wait for stock when there is some, wherever it came from: a receipt, a count, a cancelled order.
 * Runs until the signal aborts; to be run under a lease, so that one replica keeps to the order of service.
 */
export async function watchBackorders(signal: AbortSignal, options: WatchBackordersOptions): Promise<void> {
  const { book, log } = options;
  const waiting = new Map<string, Backorder>();
  const watch = await watchBucket(book.kv, (entry) => {
    if (entry.operation === 'PUT') waiting.set(entry.key, backorder.parse(entry.json()));
    else waiting.delete(entry.key);
  });
  while (!signal.aborted) {
    if (waiting.size > 0)
      await serve(waiting, options).catch((error: unknown) =>
        log.warn({ err: error, waiting: waiting.size }, 'orders that wait for stock could not be served; trying again'),
      );
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  watch.stop();
}

async function serve(
  waiting: ReadonlyMap<string, Backorder>,
  { book, stock, orders, now }: WatchBackordersOptions,
): Promise<void> {
  const skus = [...new Set([...waiting.values()].flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
  const held = (await stock.positions(skus)).map(({ sku, location, on_hand, reserved }) => ({
    ...{ sku, location },
    available: on_hand - reserved,
  }));
  for (const key of ordersToServe(waiting, held)) {
    const at = now().toISOString();
    const answer = await orders.signal(key, {
      ...{ id: `stock:${at}`, type: STOCK_AVAILABLE, system: OWN_SYSTEM, at, intake_seq: 0 },
      data: {},
    });
    if (answer === 'never' || answer === 'unknown') await book.end(key);
  }
}
