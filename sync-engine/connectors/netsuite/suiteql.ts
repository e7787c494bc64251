import { z } from 'zod';
import type { Answer, PreparedCall } from '../connector.ts';
import type { ListedPosting, ReconciliationServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { refused } from './map.ts';

const PAGE = 1_000;

const page = <S extends z.ZodType>(row: S) =>
  z.object({
    hasMore: z.union([z.boolean(), z.string()]).transform((value) => String(value) === 'true'),
    items: z.array(row),
  });

const balanceRow = z.object({ sku: z.string(), location: z.string(), quantity_on_hand: z.string() });
const postingRow = z.object({
  id: z.string(),
  tranid: z.string().nullish(),
  externalid: z.string().nullish(),
  type: z.enum(['CustInvc', 'CustCred', 'Journal']),
  total: z.string().nullish(),
  currency: z.string(),
  subsidiary: z.string(),
  created: z.string(),
});
const documentTypes: Record<z.infer<typeof postingRow>['type'], ListedPosting['type']> = {
  CustInvc: 'invoice',
  CustCred: 'credit_memo',
  Journal: 'journal',
};

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Source: NetSuite Help, "Executing SuiteQL Queries Through REST Web Services"; offsets are multiples of the limit. */
const suiteql = (q: string, cursor: string | undefined): PreparedCall =>
  jsonCall(
    'POST',
    `/services/rest/query/v1/suiteql?limit=${PAGE}&offset=${cursor ?? 0}`,
    { q },
    { prefer: 'transient' },
  );

function readPage<S extends z.ZodType>(answer: Answer, row: S, what: string) {
  const error = refused(answer, () => undefined);
  if (error !== undefined) throw error;
  return readBody(answer, page(row), what);
}
const nextOf = (hasMore: boolean, cursor: string | undefined) =>
  hasMore ? { next: String(Number(cursor ?? 0) + PAGE) } : {};

/**
 * What NetSuite is asked when books and stock are held against ours. The integration's user has its time zone set to
 * GMT, or moments are off by its offset.
 */
export const netsuiteLists: Pick<ReconciliationServices, 'list_stock' | 'list_postings'> = {
  list_stock: {
    name: 'list_stock',
    prepare: ({ places, refs, cursor }) => {
      const items = refs === undefined ? '' : ` AND i.externalid IN (${refs.map(quoted).join(', ')})`;
      return suiteql(
        `SELECT i.externalid AS sku, b.location AS location, b.quantityonhand AS quantity_on_hand FROM aggregateItemLocation b INNER JOIN item i ON i.id = b.item WHERE b.location IN (${places.join(', ')})${items} AND i.externalid IS NOT NULL ORDER BY b.location, i.externalid`,
        cursor,
      );
    },
    read(answer, { cursor }) {
      const { items, hasMore } = readPage(answer, balanceRow, "NetSuite's balances");
      return {
        items: items.map(({ sku, location, quantity_on_hand }) => ({
          sku,
          place: location,
          quantity: Number(quantity_on_hand),
          ref: sku,
        })),
        ...nextOf(hasMore, cursor),
      };
    },
  },
  list_postings: {
    name: 'list_postings',
    prepare: ({ from, cursor }) =>
      suiteql(
        `SELECT t.id AS id, t.tranid AS tranid, t.externalid AS externalid, t.type AS type, CASE WHEN t.type = 'Journal' THEN (SELECT SUM(j.debitforeignamount) FROM transactionline j WHERE j.transaction = t.id) ELSE t.foreigntotal END AS total, c.symbol AS currency, (SELECT MIN(l.subsidiary) FROM transactionline l WHERE l.transaction = t.id) AS subsidiary, TO_CHAR(t.createddate, 'YYYY-MM-DD"T"HH24:MI:SS') AS created FROM transaction t INNER JOIN currency c ON c.id = t.currency WHERE t.type IN ('CustInvc', 'CustCred', 'Journal') AND t.createddate >= TO_TIMESTAMP('${from.slice(0, 19).replace('T', ' ')}', 'YYYY-MM-DD HH24:MI:SS') ORDER BY t.id`,
        cursor,
      ),
    read(answer, { cursor }) {
      const { items, hasMore } = readPage(answer, postingRow, "NetSuite's transactions");
      return {
        items: items.map((row) => ({
          documentId: row.id,
          documentNumber: row.tranid ?? row.id,
          postingKey: row.externalid ?? '',
          type: documentTypes[row.type],
          amount: row.total ?? '0.00',
          currency: row.currency,
          subsidiary: row.subsidiary,
          at: `${row.created}.000Z`,
        })),
        ...nextOf(hasMore, cursor),
      };
    },
  },
};
