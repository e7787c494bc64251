import { createHash } from 'node:crypto';
import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { Received } from '../../../connectors/return-message.ts';
import { quantities } from '../../order/rules/lines-remaining.ts';
import type { ReturnLine } from '../return-data.ts';

/**
 * The stock changes of what can be sold again, one for each line of the order: a line may stand in a return more than
 * once, and each change is applied only once by its id. Pure.
 * @param key the return's transaction key.
 */
export function restockChanges(
  key: string,
  { at, location, system, version }: Received,
  lines: readonly ReturnLine[],
): StockChange[] {
  // A channel that says nothing of a place has put nothing anywhere.
  if (location === '') return [];
  const wanted = lines.filter(({ disposition }) => disposition === 'restock');
  const skus = new Map(wanted.map(({ line_id, sku }) => [line_id, sku]));
  const units = quantities(wanted);
  return [...skus].map(([line_id, sku]) => ({
    schema_version: 1,
    change_id: `return-${createHash('sha256').update(`${key}:${line_id}`).digest('hex').slice(0, 32)}`,
    source: system,
    sku,
    location,
    reason: 'return',
    quantity: units.get(line_id) ?? 0,
    version,
    occurred_at: at,
  }));
}
