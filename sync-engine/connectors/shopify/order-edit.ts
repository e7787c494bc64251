import { parseExactJson } from '#platform/exact-json.ts';
import { differingPaths } from '../../json-difference.ts';

/** What an edit of an order may change for whoever carries it; the rest Shopify touches at every event of its own. */
const ORDER_FIELDS = [
  'email',
  'phone',
  'note',
  'currency',
  'total_price',
  'total_tax',
  'total_discounts',
  'shipping_address',
  'billing_address',
] as const;
const LINE_FIELDS = ['id', 'sku', 'variant_id', 'quantity', 'price', 'taxable', 'tax_lines'] as const;
const CHARGE_FIELDS = ['code', 'title', 'price', 'tax_lines', 'is_removed'] as const;

type Fields = Record<string, unknown>;

/**
 * What a later version of an order says otherwise than an earlier one, by JSON Pointer; nothing where either cannot be
 * read or the later one is the older by its `updated_at`.
 */
export function editedFields(earlier: Uint8Array, later: Uint8Array): string[] {
  const [before, after] = [read(earlier), read(later)];
  if (before === undefined || after === undefined) return [];
  if (!(momentOf(after) > momentOf(before))) return [];
  return differingPaths(contentOf(before), contentOf(after));
}

function read(bytes: Uint8Array): Fields | undefined {
  try {
    const document = parseExactJson(Buffer.from(bytes).toString());
    return typeof document === 'object' && document !== null ? (document as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** A payload without a time of its own is older than any that has one. */
function momentOf({ updated_at: at }: Fields): number {
  const moment = typeof at === 'string' ? Date.parse(at) : NaN;
  return Number.isNaN(moment) ? -Infinity : moment;
}

const contentOf = (order: Fields) => ({
  ...picked(order, ORDER_FIELDS),
  line_items: each(order['line_items'], LINE_FIELDS),
  shipping_lines: each(order['shipping_lines'], CHARGE_FIELDS),
});

const picked = (value: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, value[name]]));

const each = (list: unknown, names: readonly string[]): unknown =>
  Array.isArray(list) ? list.map((one: unknown) => picked((one ?? {}) as Fields, names)) : list;
