import type { CaseProblem } from '#contracts/v1/case.ts';
import { storeBatch, type StoreBatch } from '#contracts/v1/store.ts';
import { readValue } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';
import { numberIn, withOurSkus } from './read-batch.ts';
import { elements, parseXml, textOf, type XmlNode } from './xml.ts';

/**
 * A batch as NRF/ARTS POSLog: retail transactions as IXRetail writes them, and in an element `Batch` of our own what a POSLog has no
 * place for (docs/stores.md). Problems point to the element.
 */
export function readPosLog(body: Uint8Array, { mapping }: Pick<MessageContext, 'mapping'>): Reading<StoreBatch> {
  let document: XmlNode;
  try {
    document = parseXml(Buffer.from(body).toString());
  } catch (error) {
    return { problems: [malformed(error)] };
  }
  const [log] = elements(document, 'POSLog');
  const sent = readValue(storeBatch, translate(log), placeOf(log));
  return 'problems' in sent ? sent : { message: withOurSkus(sent.message, mapping) };
}

export function numberOfPosLog(body: Uint8Array): ReturnType<typeof numberIn> {
  try {
    const [log] = elements(parseXml(Buffer.from(body).toString()), 'POSLog');
    return numberIn(translate(log));
  } catch {
    return undefined;
  }
}

function translate(log: XmlNode | undefined) {
  const [batch] = elements(log, 'Batch');
  const transactions = elements(log, 'Transaction');
  const [first] = transactions;
  const [end] = elements(batch, 'EndOfDay');
  return {
    schema_version: 1,
    store: textOf(batch, 'RetailStoreID') ?? textOf(first, 'RetailStoreID'),
    sequence: whole(textOf(batch, 'SequenceNumber')),
    business_date: textOf(batch, 'BusinessDayDate') ?? textOf(first, 'BusinessDayDate'),
    generated_at: utc(textOf(batch, 'GeneratedDateTime')),
    currency: textOf(batch, 'CurrencyCode') ?? textOf(first, 'CurrencyCode'),
    backlog: whole(textOf(batch, 'Backlog') ?? '0'),
    transactions: transactions.map(transaction),
    counts: elements(batch, 'Count').map((count) => ({
      sku: textOf(count, 'ItemID'),
      on_hand: whole(textOf(count, 'Quantity')),
    })),
    ...(end === undefined
      ? {}
      : {
          end_of_day: {
            first_sequence: whole(textOf(end, 'FirstSequenceNumber')),
            takings: elements(end, 'Tender').map(tender),
            tax: textOf(end, 'TaxAmount'),
            counted_cash: textOf(end, 'CountedCash'),
          },
        }),
  };
}

/** Line items of a transaction by what they are, each with its place among all. Voided ones never happened. */
function lineItems(node: XmlNode) {
  const [retail = node] = elements(node, 'RetailTransaction');
  const items = elements(retail, 'LineItem').map((item, place) => ({ item, place }));
  const real = items.filter(({ item }) => textOf(item, '@VoidFlag') !== 'true');
  const of = (...names: string[]) =>
    real.flatMap(({ item, place }) =>
      names.flatMap((name) => elements(item, name).map((content) => ({ name, content, place }))),
    );
  return { goods: of('Sale', 'Return'), tenders: of('Tender') };
}

function transaction(node: XmlNode) {
  const { goods, tenders } = lineItems(node);
  // Goods that go both ways in one transaction are two of ours; a till that mixes them is told so.
  const kinds = new Set(goods.map(({ name }) => name));
  return {
    id: [textOf(node, 'WorkstationID'), textOf(node, 'SequenceNumber')].filter((part) => part !== undefined).join('-'),
    kind: kinds.size > 1 ? 'mixed' : kinds.has('Return') ? 'return' : 'sale',
    at: utc(textOf(node, 'EndDateTime') ?? textOf(node, 'BeginDateTime')),
    lines: goods.map(({ content }) => ({
      sku: textOf(content, 'ItemID'),
      quantity: whole(textOf(content, 'Quantity')),
      net: textOf(content, 'ExtendedAmount'),
      taxes: elements(content, 'Tax').map((tax) => ({
        code: textOf(tax, 'TaxGroupID') ?? textOf(tax, '@TaxType') ?? 'tax',
        amount: textOf(tax, 'Amount'),
      })),
      ...present({
        line_id: textOf(content, 'OrderLineID'),
        reason_code: textOf(content, 'Reason'),
        condition: textOf(content, 'Condition'),
      }),
    })),
    tenders: tenders.map(({ content }) => tender(content)),
    ...onlineOrder(node),
  };
}

/** What a POSLog has no place for: of which order of another channel a return is. */
function onlineOrder(node: XmlNode) {
  const [retail = node] = elements(node, 'RetailTransaction');
  const [order] = elements(retail, 'OnlineOrder');
  if (order === undefined) return {};
  return { online_order: { channel: textOf(order, 'ChannelID'), order: textOf(order, 'OrderID') } };
}

const present = (fields: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** POSLog's tender types. */
const tenderTypes: Readonly<Record<string, string>> = {
  Cash: 'cash',
  CreditDebit: 'card',
  GiftCard: 'gift_card',
  GiftCertificate: 'gift_card',
};

function tender(node: XmlNode) {
  const type = textOf(node, '@TenderType');
  return { tender: type === undefined ? undefined : (tenderTypes[type] ?? type), amount: textOf(node, 'Amount') };
}

const whole = (text: string | undefined) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text);

/** A time without an offset is nobody's: it is left as it is, and refused. */
function utc(text: string | undefined): string | undefined {
  const at = text !== undefined && /(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

const ownNames: Readonly<Record<string, string>> = {
  store: 'RetailStoreID',
  sequence: 'SequenceNumber',
  business_date: 'BusinessDayDate',
  generated_at: 'GeneratedDateTime',
  currency: 'CurrencyCode',
  backlog: 'Backlog',
  counts: 'Count',
  end_of_day: 'EndOfDay',
  first_sequence: 'FirstSequenceNumber',
  takings: 'Tender',
  tax: 'TaxAmount',
  counted_cash: 'CountedCash',
  id: 'SequenceNumber',
  at: 'EndDateTime',
  kind: 'LineItem',
  sku: 'ItemID',
  quantity: 'Quantity',
  on_hand: 'Quantity',
  net: 'ExtendedAmount',
  taxes: 'Tax',
  code: 'TaxGroupID',
  amount: 'Amount',
  tender: '@TenderType',
  line_id: 'OrderLineID',
  reason_code: 'Reason',
  condition: 'Condition',
  online_order: 'OnlineOrder',
  channel: 'ChannelID',
  order: 'OrderID',
};
const nameOf = (part: PropertyKey): PropertyKey => (typeof part === 'string' ? (ownNames[part] ?? part) : part);

/** Where in the POSLog a field of the batch stands. */
const placeOf =
  (log: XmlNode | undefined) =>
  (path: readonly PropertyKey[]): PropertyKey[] => {
    const [head, at, list, index, ...rest] = path;
    if (head !== 'transactions') return ['POSLog', 'Batch', ...path.map(nameOf)];
    const node = elements(log, 'Transaction')[Number(at)];
    const base: PropertyKey[] = ['POSLog', 'Transaction', ...(at === undefined ? [] : [at])];
    if (node === undefined || list === undefined) return base;
    if (list !== 'lines' && list !== 'tenders') return [...base, nameOf(list)];
    const { goods, tenders } = lineItems(node);
    const item = (list === 'lines' ? goods : tenders)[Number(index)];
    if (item === undefined) return [...base, 'LineItem'];
    return [...base, 'LineItem', item.place, item.name, ...rest.map(nameOf)];
  };

const malformed = (error: unknown): CaseProblem => ({
  error_class: 'validation',
  error_code: 'malformed_xml',
  path: '',
  document: 'received',
  message: `The payload is not XML: ${error instanceof Error ? error.message : 'unreadable'}`.slice(0, 2000),
});
