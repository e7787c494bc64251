import type { FastifyInstance } from 'fastify';
import { erpLocations } from './locations.ts';
import type { Ledger, NetSuiteRecord } from './records.ts';
import { field, jsonBody, refuse, type JsonObject, type VendorContext } from '../vendor.ts';
import { netSuiteError } from './errors.ts';

const LARGEST_PAGE = 1_000;
const invalid = (detail: string) =>
  netSuiteError(400, [{ detail: `Invalid search query. ${detail}`, 'o:errorCode': 'INVALID_PARAMETER' }]);

/**
 * `POST /services/rest/query/v1/suiteql`: the two queries that the engine asks, told apart by the table they read, with
 * the conditions they carry. As there, every value is text and columns are in lower case.
 */
export function suiteqlRoutes(app: FastifyInstance, context: VendorContext, ledger: Ledger): void {
  app.post('/services/rest/query/v1/suiteql', (request, reply) => {
    if (field(request.headers, 'prefer') !== 'transient')
      return refuse(reply, invalid('The required request header "Prefer: transient" is missing.'));
    const query = field(jsonBody(request), 'q');
    const limit = Math.min(LARGEST_PAGE, Number(field(request.query, 'limit')) || LARGEST_PAGE);
    const offset = Number(field(request.query, 'offset')) || 0;
    if (offset % limit !== 0) return refuse(reply, invalid('The offset must be divisible by the limit.'));
    const rows = rowsOf(query, context, ledger);
    if (rows === undefined) return refuse(reply, invalid('The simulated account knows no such table.'));
    const items = rows.slice(offset, offset + limit);
    return reply.send({
      links: [],
      count: items.length,
      hasMore: offset + limit < rows.length,
      items: items.map((row) => ({ links: [], ...row })),
      offset,
      totalResults: rows.length,
    });
  });
}

function rowsOf(query: string, context: VendorContext, ledger: Ledger): JsonObject[] | undefined {
  if (/\bFROM\s+aggregateItemLocation\b/i.test(query)) return balances(query, context);
  if (/\bFROM\s+transaction\b/i.test(query)) return postings(query, ledger);
  return undefined;
}

/** Values of `<column> IN (…)`; undefined where the query has no such condition. */
function listed(query: string, column: string): Set<string> | undefined {
  const list = new RegExp(`\\b${column.replace('.', '\\.')}\\s+IN\\s*\\(([^)]*)\\)`, 'i').exec(query)?.[1];
  return list === undefined
    ? undefined
    : new Set(list.split(',').map((one) => one.trim().replace(/^'|'$/g, '').replaceAll("''", "'")));
}

function balances(query: string, context: VendorContext): JsonObject[] {
  const locations = listed(query, 'b.location');
  const skus = listed(query, 'i.externalid');
  return erpLocations(context.system.settings)
    .filter(({ id }) => locations === undefined || locations.has(id))
    .flatMap(({ id, location }) =>
      context.stock
        .list('erp', location)
        .filter(({ sku }) => skus === undefined || skus.has(sku))
        .sort((a, b) => (a.sku < b.sku ? -1 : 1))
        .map(({ sku, quantity }) => ({ sku, location: id, quantity_on_hand: String(quantity) })),
    );
}

/** NetSuite's short names of transaction types. */
const shortNames: Readonly<Record<string, string>> = {
  invoice: 'CustInvc',
  creditMemo: 'CustCred',
  journalEntry: 'Journal',
};

function postings(query: string, ledger: Ledger): JsonObject[] {
  const types = listed(query, 't.type') ?? new Set(Object.values(shortNames));
  const since = /t\.createddate\s*>=\s*TO_TIMESTAMP\('([^']+)'/i.exec(query)?.[1];
  const from = since === undefined ? 0 : Date.parse(`${since.replace(' ', 'T')}Z`);
  return [...ledger.byId.values()]
    .map((record) => ({ record, type: shortNames[record.type] ?? '' }))
    .filter(({ record, type }) => types.has(type) && Date.parse(record.createdAt) >= from)
    .sort((a, b) => Number(a.record.id) - Number(b.record.id))
    .map(({ record, type }) => postingRow(record, type));
}

const postingRow = (record: NetSuiteRecord, type: string): JsonObject => ({
  id: record.id,
  tranid: record.tranId,
  externalid: record.externalId,
  type,
  total: record.total.toFixed(2),
  currency: record.currency,
  subsidiary: record.subsidiary,
  created: record.createdAt.slice(0, 19),
});
