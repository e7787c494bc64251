import { parseExactJson } from '#platform/exact-json.ts';
import type { Glimpse } from '../topics.ts';

/** The little that names an order and tells what it comes to. Never throws: what is not there is left out. */
export function glimpseAmazonOrder(bytes: Uint8Array): Glimpse {
  let document: unknown;
  try {
    document = parseExactJson(Buffer.from(bytes).toString());
  } catch {
    return {};
  }
  const order = memberOf(document, 'Order');
  const id = textOf(order, 'AmazonOrderId')?.slice(0, 128);
  const placed = Date.parse(textOf(order, 'PurchaseDate') ?? '');
  const total = memberOf(order, 'OrderTotal');
  const glimpse = {
    externalId: id,
    number: id?.slice(0, 64),
    placedAt: Number.isNaN(placed) ? undefined : new Date(placed).toISOString(),
    currency: matching(textOf(total, 'CurrencyCode'), /^[A-Z]{3}$/),
    total: matching(textOf(total, 'Amount'), /^\d{1,15}(\.\d{1,6})?$/),
  };
  return Object.fromEntries(Object.entries(glimpse).filter(([, value]) => value !== undefined));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function textOf(value: unknown, name: string): string | undefined {
  const text = memberOf(value, name);
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

const matching = (text: string | undefined, form: RegExp) => (text !== undefined && form.test(text) ? text : undefined);
