import { parseExactJson } from '#platform/exact-json.ts';
import type { Glimpse } from './topics.ts';

/** Looks into a payload that may be anything. Never throws: what is not there is left out. */
export function glimpseOrder(bytes: Uint8Array): Glimpse {
  let document: unknown;
  try {
    document = parseExactJson(Buffer.from(bytes).toString());
  } catch {
    return {};
  }
  if (typeof document !== 'object' || document === null) return {};
  const field = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = (document as Record<string, unknown>)[name];
      if (typeof value === 'string' && value.trim() !== '') return value;
    }
    return undefined;
  };
  const placed = Date.parse(field('created_at', 'placed_at') ?? '');
  const glimpse = {
    externalId: field('external_id', 'id')?.slice(0, 128),
    number: field('name', 'number')?.slice(0, 64),
    placedAt: Number.isNaN(placed) ? undefined : new Date(placed).toISOString(),
    currency: matching(field('currency'), /^[A-Z]{3}$/),
    total: matching(field('total_price') ?? totalOf(document), /^\d{1,15}(\.\d{1,6})?$/),
    cancelReason: field('cancel_reason')?.slice(0, 500),
  };
  return Object.fromEntries(Object.entries(glimpse).filter(([, value]) => value !== undefined));
}

const matching = (text: string | undefined, form: RegExp) => (text !== undefined && form.test(text) ? text : undefined);

/** Total of an order that is canonical already. */
function totalOf(document: object): string | undefined {
  const { totals } = document as { totals?: unknown };
  const total = typeof totals === 'object' && totals !== null ? (totals as { total?: unknown }).total : undefined;
  return typeof total === 'string' ? total : undefined;
}
