import { keyOfReference } from '#contracts/v1/key.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { OrderData } from '../../flows/order/order-data.ts';
import { parcelsToBook } from '../../flows/order/parcels.ts';
import type { TransactionLog } from '../../flows/transaction-log.ts';
import type { StockClient } from '../../stock/client.ts';
import { itemKey } from '../../stock/state.ts';

/** Items whose orders are asked for in one request, so that the orders of one that sells fast do not hide the others'. */
const TOGETHER = 20;
const CONCURRENCY = 16;

/** Units of an item that have left in parcels we were told of and that are on our books still. */
export type ToldUnits = (sku: string, location: string) => number;

/**
 * Parcels that wait in their orders behind other calls: while an ERP or a payment provider is slow, a warehouse's shelf
 * is ahead of our books for as long. Ask before the positions are read: what is booked in between is in those then.
 */
export async function readToldParcels(
  skus: readonly string[],
  stock: Pick<StockClient, 'holders'>,
  transactions: Pick<TransactionLog, 'reload'>,
): Promise<ToldUnits> {
  const orders = new Set<string>();
  const tooMany = new Set<string>();
  for (let from = 0; from < skus.length; from += TOGETHER) {
    const some = skus.slice(from, from + TOGETHER);
    const holders = await stock.holders(some);
    for (const reference of holders ?? []) orders.add(keyOfReference(reference));
    if (holders === undefined) for (const sku of some) tooMany.add(sku);
  }
  const units = new Map<string, number>();
  await inParallel(orders, CONCURRENCY, async (key) => {
    const order = await transactions.reload<OrderData>('order_to_cash', key);
    for (const { location, lines } of parcelsToBook(order?.state.inbox ?? [])) {
      for (const { sku, quantity } of lines) {
        const item = itemKey(sku, location);
        units.set(item, (units.get(item) ?? 0) + quantity);
      }
    }
  });
  // Of more orders than can be looked at, any may have such a parcel.
  return (sku, location) => (tooMany.has(sku) ? Infinity : (units.get(itemKey(sku, location)) ?? 0));
}
