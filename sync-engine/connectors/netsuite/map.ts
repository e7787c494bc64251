import type { Answer } from '../connector.ts';
import type { ConnectorError } from '../connector.ts';
import { readBody, refusalOf, unreadable, type Refusal } from '../transport/answer.ts';
import { errorBody, transactionRecord } from './contract.ts';
import type { SalesOrderRecord } from './sales-order.ts';

/** The refusal an answer is, with NetSuite's code, words and, through `pointer`, the canonical field it complains of. */
export function refused(
  answer: Answer,
  pointer: (errorPath: string) => string | undefined,
): ConnectorError | undefined {
  return refusalOf(answer, (body): Refusal | undefined => {
    const parsed = errorBody.safeParse(body);
    const first = parsed.success ? parsed.data['o:errorDetails'][0] : undefined;
    if (first === undefined) return undefined;
    const code = first['o:errorCode'] ?? `HTTP_${answer.status}`;
    const path = first['o:errorPath'] === undefined ? undefined : pointer(first['o:errorPath']);
    return {
      code,
      message: first.detail,
      ...(path === undefined ? {} : { path }),
      ...(path?.includes('/taxes/') === true && answer.status === 400 ? { errorClass: 'mapping' as const } : {}),
      // Somebody saved the record in between: the same upsert succeeds when made again.
      ...(code === 'RCRD_HAS_BEEN_CHANGED' ? { errorClass: 'conflict' as const, retryable: true } : {}),
    };
  });
}

/**
 * Canonical place of an error path such as "item.items[2].item" or "taxDetails.items[0].taxCode": the sublists' rows
 * through their origins, header fields by name.
 */
export function canonicalPlace(errorPath: string, record: SalesOrderRecord): string | undefined {
  const row = /^(item|taxDetails)\.items\[(\d+)\](?:\.(\w+))?/.exec(errorPath);
  if (row === null) return headerFields[/^\w+/.exec(errorPath)?.[0] ?? ''];
  const origins = row[1] === 'item' ? record.itemOrigins : record.taxOrigins;
  const origin = origins[Number(row[2])];
  if (origin === undefined || row[1] === 'taxDetails') return origin;
  const field = /^\/lines\/\d+$/.test(origin) ? lineFields[row[3] ?? ''] : undefined;
  return field === undefined ? origin : `${origin}/${field}`;
}

const headerFields: Record<string, string> = {
  entity: '/channel',
  subsidiary: '/legal_entity',
  location: '/fulfilment/location',
  currency: '/currency',
  tranDate: '/placed_at',
  otherRefNum: '/number',
  email: '/customer/email',
  shippingAddress: '/shipping_address',
  billingAddress: '/billing_address',
  shippingCost: '/totals/shipping',
};
const lineFields: Record<string, string> = {
  item: 'sku',
  quantity: 'quantity',
  rate: 'unit_price',
  amount: 'unit_price',
  description: 'title',
  taxCode: 'taxes/0/code',
};

/** Internal id of the record an upsert made or found: the last segment of the Location header. */
export function documentIdOf(answer: Answer): string {
  const id = /\/([^/?]+)\/?(?:\?.*)?$/.exec(answer.headers['location'] ?? '')?.[1];
  if (id !== undefined) return decodeURIComponent(id);
  if (answer.body !== '') return readBody(answer, transactionRecord, "NetSuite's answer").id;
  throw unreadable("NetSuite's answer names no record (no Location header).");
}

/** A document as flows know it; without a number of its own it goes by its id. */
export function documentOf(answer: Answer): { documentId: string; documentNumber: string } {
  const record = readBody(answer, transactionRecord, "NetSuite's record");
  return { documentId: record.id, documentNumber: record.tranId ?? record.id };
}
