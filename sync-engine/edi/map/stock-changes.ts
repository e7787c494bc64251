import { createHash } from 'node:crypto';
import { stockChange, type StockChange } from '#contracts/v1/catalogue.ts';
import type { Reading } from '../../connectors/topics.ts';
import type { Segment } from '../reading.ts';
import type { CodeContext } from './codes.ts';
import type { Problems } from './problems.ts';

/** Units of one SKU at one place, and the segment that says so. */
export interface StockOf {
  segment: Segment;
  sku: string;
  location: string;
  quantity: number;
}

/**
 * Canonical stock changes of a document: what it says of one SKU at one place is one change, since a source's changes of
 * one moment count once. Repeating the document makes the same changes under the same ids.
 */
export function stockChanges(
  goods: readonly StockOf[],
  document: { reason: 'receipt' | 'count'; id: string; occurredAt: string },
  { system, partner }: CodeContext,
  problems: Problems,
): Reading<StockChange[]> {
  const byPlace = new Map<string, StockOf>();
  for (const one of goods) {
    const key = `${one.sku}\n${one.location}`;
    const known = byPlace.get(key);
    byPlace.set(key, known === undefined ? one : { ...known, quantity: known.quantity + one.quantity });
  }
  const changes = [...byPlace.values()].flatMap(({ segment, sku, location, quantity }): StockChange[] => {
    const parsed = stockChange.safeParse({
      schema_version: 1,
      change_id: createHash('sha256')
        .update([partner.id, document.id, sku, location].join('\n'))
        .digest('hex')
        .slice(0, 40),
      source: system,
      sku,
      location,
      reason: document.reason,
      quantity,
      version: Date.parse(document.occurredAt),
      occurred_at: document.occurredAt,
    });
    if (parsed.success) return [parsed.data];
    // What could not be read of it has been told where it stands.
    if (problems.all.length === 0)
      for (const { code, path, message } of parsed.error.issues)
        problems.add('validation', `schema_${code}`, segment, undefined, `${path.map(String).join('.')}: ${message}`);
    return [];
  });
  return problems.all.length > 0 ? { problems: problems.all } : { message: changes };
}
