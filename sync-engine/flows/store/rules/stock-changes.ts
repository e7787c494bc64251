import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { StoreBatch } from '#contracts/v1/store.ts';
import { isOnlineReturn } from './online-returns.ts';

/**
 * What a batch does to the store's stock: per SKU what was sold and came back, and after that what was counted. Sales
 * of a batch that comes late are part of a newer count already, which `version` says. What becomes of an online order
 * that came back is decided with its return.
 */
export function stockChangesOf(batch: StoreBatch, source: string): StockChange[] {
  const moved = new Map<string, { sale: number; return: number }>();
  for (const { kind, lines } of batch.transactions.filter((one) => !isOnlineReturn(one)))
    for (const { sku, quantity } of lines) {
      const known = moved.get(sku) ?? { sale: 0, return: 0 };
      moved.set(sku, { ...known, [kind]: known[kind] + quantity });
    }
  const change = (sku: string, reason: 'sale' | 'return' | 'count', quantity: number): StockChange => ({
    schema_version: 1,
    change_id: `${batch.store}.${batch.sequence}.${reason}.${sku}`.slice(0, 128),
    source,
    sku,
    location: batch.store,
    reason,
    quantity,
    version: batch.sequence,
    occurred_at: batch.generated_at,
  });
  return [
    ...[...moved].flatMap(([sku, units]) => [
      ...(units.sale > 0 ? [change(sku, 'sale', -units.sale)] : []),
      ...(units.return > 0 ? [change(sku, 'return', units.return)] : []),
    ]),
    ...batch.counts.map(({ sku, on_hand }) => change(sku, 'count', on_hand)),
  ];
}
