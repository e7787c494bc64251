import { keyOfReference } from '#contracts/v1/key.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { OrderData } from '../../flows/order/order-data.ts';
import { parcelsToBook } from '../../flows/order/parcels.ts';
import type { TransactionLog } from '../../flows/transaction-log.ts';
import type { StockClient } from '../../stock/client.ts';
import { itemKey } from '../../stock/state.ts';

const CONCURRENCY = 16;

/** Units of an item that have left in parcels we were told of and that are on our books still. */
export type ToldUnits = (sku: string, location: string) => number;

/**
 * Parcels that wait in their orders behind other calls: while an ERP or a payment provider is slow, a warehouse's shelf
 * is ahead of our books for as long. Ask before the sides are read: what leaves after this they show already, and what is
 * booked after this is in the positions.
 */
export async function readToldParcels(
  skus: readonly string[],
  stock: Pick<StockClient, 'holders'>,
  transactions: Pick<TransactionLog, 'peek'>,
  signal: AbortSignal,
): Promise<ToldUnits> {
  const orders = new Set<string>();
  for await (const reference of stock.holders(skus)) orders.add(keyOfReference(reference));
  const units = new Map<string, number>();
  await inParallel(orders, CONCURRENCY, async (key) => {
    signal.throwIfAborted();
    const order = await transactions.peek<OrderData>('order_to_cash', key);
    for (const { location, lines } of parcelsToBook(order?.state.inbox ?? [])) {
      for (const { sku, quantity } of lines) {
        const item = itemKey(sku, location);
        units.set(item, (units.get(item) ?? 0) + quantity);
      }
    }
  });
  return (sku, location) => units.get(itemKey(sku, location)) ?? 0;
}
