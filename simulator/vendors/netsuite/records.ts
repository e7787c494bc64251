import type { Collection } from '../../store.ts';
import { listAt, type JsonObject, type VendorContext } from '../vendor.ts';
import { userError, type NetSuiteProblem } from './errors.ts';
import { debitsOf } from './journals.ts';
import { reference } from './reference.ts';
import { erpTaxCodes } from '../../catalogue/taxes.ts';

export type RecordType = 'salesOrder' | 'invoice' | 'creditMemo' | 'journalEntry';

const numberPrefix: Readonly<Record<RecordType, string>> = {
  salesOrder: 'SO',
  invoice: 'INV',
  creditMemo: 'CM',
  journalEntry: 'JE',
};

export interface NetSuiteRecord {
  id: string;
  externalId: string;
  type: RecordType;
  tranId: string;
  total: number;
  subsidiary: string;
  currency: string;
  status: 'open' | 'cancelled' | 'closed' | 'billed';
  /** For an invoice, the sales order it was made from; for a credit memo, the invoice. */
  createdFrom: string;
  createdAt: string;
  lastModifiedAt: string;
  /** Times the external id was put again: repeats that made no second document. */
  upserts: number;
  body: JsonObject;
}

export interface Ledger {
  byId: Collection<NetSuiteRecord>;
  find(type: RecordType, reference: string): NetSuiteRecord | undefined;
  create(type: RecordType, externalId: string, body: JsonObject, createdFrom?: NetSuiteRecord): NetSuiteRecord;
  save(record: NetSuiteRecord): void;
  invoiceOf(salesOrderId: string): NetSuiteRecord | undefined;
}

export function createLedger(context: VendorContext): Ledger {
  const byId = context.store.collection<NetSuiteRecord>(`${context.system.id}.records`, 60_000);
  const byExternal = new Map<string, string>();
  const invoices = new Map<string, string>();
  let last = 1000;
  const index = (record: NetSuiteRecord) => {
    byExternal.set(`${record.type} ${record.externalId}`, record.id);
    if (record.type === 'invoice') invoices.set(record.createdFrom, record.id);
    last = Math.max(last, Number(record.id));
  };
  for (const record of byId.values()) index(record);
  return {
    byId,
    find: (type, text) => {
      const id = text.startsWith('eid:') ? byExternal.get(`${type} ${text.slice(4)}`) : text;
      const record = id === undefined ? undefined : byId.get(id);
      return record?.type === type ? record : undefined;
    },
    create: (type, externalId, body, createdFrom) => {
      const id = String(++last);
      const at = new Date().toISOString();
      const record: NetSuiteRecord = {
        id,
        externalId,
        type,
        tranId: `${numberPrefix[type]}${id}`,
        total:
          type === 'journalEntry'
            ? debitsOf(body)
            : listAt(body['item'], 'items').length > 0
              ? totalOf(body)
              : (createdFrom?.total ?? 0),
        subsidiary: reference(body['subsidiary']) || (createdFrom?.subsidiary ?? ''),
        currency: reference(body['currency']) || (createdFrom?.currency ?? ''),
        status: 'open',
        createdFrom: createdFrom?.id ?? (type === 'creditMemo' ? reference(body['createdFrom']) : ''),
        createdAt: at,
        lastModifiedAt: at,
        upserts: 0,
        body,
      };
      index(record);
      byId.put(id, record);
      return record;
    },
    save: (record) => {
      record.lastModifiedAt = new Date().toISOString();
      byId.put(record.id, record);
    },
    invoiceOf: (salesOrderId) => {
      const id = invoices.get(salesOrderId);
      return id === undefined ? undefined : byId.get(id);
    },
  };
}

/** Sum of the lines, shipping, handling and tax, as NetSuite computes a transaction's total. */
export function totalOf(body: JsonObject): number {
  const number = (value: unknown) => Number(value ?? 0) || 0;
  const lines = listAt(body['item'], 'items');
  const amounts = lines.map((line) =>
    line['amount'] === undefined ? number(line['rate']) * number(line['quantity']) : number(line['amount']),
  );
  const details = listAt(body['taxDetails'], 'items').map((detail) => number(detail['taxAmount']));
  const lineTaxes = lines.map((line) => number(line['tax1Amt'] ?? line['taxAmount']));
  const taxes = details.length > 0 ? details : body['taxTotal'] === undefined ? lineTaxes : [number(body['taxTotal'])];
  const extras = [body['shippingCost'], body['handlingCost'], body['discountTotal']].map(number);
  const total = [...amounts, ...taxes, ...extras].reduce((sum, amount) => sum + amount, 0);
  return Math.round(total * 100) / 100;
}

/** What NetSuite checks of a sales order before it books it. */
export function validateSalesOrder(
  context: VendorContext,
  subsidiaries: ReadonlySet<string>,
  body: JsonObject,
): NetSuiteProblem[] {
  const problems: NetSuiteProblem[] = [];
  const invalid = (path: string, detail: string) => problems.push(userError(path, detail));
  if (reference(body['entity']) === '') invalid('entity', 'Please enter value(s) for: Customer.');
  const subsidiary = reference(body['subsidiary']);
  if (subsidiary !== '' && !subsidiaries.has(subsidiary))
    invalid('subsidiary', `Invalid Field Value ${subsidiary} for the following field: subsidiary`);
  const lines = listAt(body['item'], 'items');
  // Items that are no goods (discounts, duties, tips): by external id, or named in the estate file.
  const plainItems = new Set(
    Object.entries(context.system.settings)
      .filter(([name]) => name.startsWith('item.'))
      .map(([, id]) => id),
  );
  if (lines.length === 0) invalid('item', 'You must enter at least one line item for this transaction.');
  const taxCode = (value: unknown, path: string) => {
    const code = reference(value);
    if (value !== undefined && value !== null && !erpTaxCodes.has(code))
      invalid(path, `Invalid Field Value ${code} for the following field: taxcode`);
  };
  lines.forEach((line, i) => {
    const sku = reference(line['item']);
    const item = context.catalogue.bySku(sku);
    const special = /^syncline-/.test(sku) || plainItems.has(sku);
    if (sku === '') invalid(`item.items[${i}].item`, 'Please enter value(s) for: Item.');
    else if (item === undefined && !special)
      invalid(`item.items[${i}].item`, `Invalid Field Value ${sku} for the following field: item`);
    else if (item !== undefined && !item.active)
      invalid(`item.items[${i}].item`, `The item ${sku} is inactive and cannot be used in this transaction.`);
    taxCode(line['taxCode'], `item.items[${i}].taxCode`);
  });
  listAt(body['taxDetails'], 'items').forEach((detail, i) =>
    taxCode(detail['taxCode'], `taxDetails.items[${i}].taxCode`),
  );
  return problems;
}
