import { z } from 'zod';
import { Decimal } from '../../money.ts';
import type { Answer } from '../connector.ts';
import type { BalanceEntry, ReconciliationServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { demandOk } from './refusal.ts';

/** One page of levels needs one look-up of its items, which takes a hundred ids. */
const LEVELS = 100;
const TRANSACTIONS = 250;

const digits = z.string().regex(/^-?\d{1,20}$/);
const levels = z.object({
  inventory_levels: z.array(
    z.object({ inventory_item_id: digits, location_id: digits, available: digits.nullish().transform(Number) }),
  ),
});
const items = z.object({ inventory_items: z.array(z.object({ id: digits, sku: z.string().nullish() })) });
const balance = z.object({
  transactions: z.array(
    z.object({
      id: digits,
      type: z.string(),
      currency: z.string(),
      amount: z.string(),
      source_order_id: digits.nullish(),
      source_order_transaction_id: digits.nullish(),
      processed_at: z.string(),
    }),
  ),
});

/** Where the next page is: `page_info` of the Link header's rel="next" (shopify.dev/docs/api/usage/pagination-rest). */
export function nextPage(answer: Answer): { next?: string } {
  const link = (answer.headers['link'] ?? '').split(',').find((one) => /rel="?next"?/.test(one));
  const info = link === undefined ? undefined : /[?&]page_info=([^&>]+)/.exec(link)?.[1];
  return info === undefined ? {} : { next: decodeURIComponent(info) };
}

/** Source: shopify.dev/docs/api/admin-rest/latest/resources/inventorylevel, inventoryitem and transactions (Payments). */
export function shopifyLists(api: string): Pick<ReconciliationServices, 'list_stock' | 'list_balance'> {
  return {
    list_stock: {
      name: 'list_stock',
      prepare: ({ places, refs, cursor }) => {
        const query = new URLSearchParams({ limit: String(LEVELS) });
        // A page named by its cursor keeps the filter of the first; naming it again is refused.
        if (cursor !== undefined) query.set('page_info', cursor);
        else {
          query.set('location_ids', places.join(','));
          if (refs !== undefined) query.set('inventory_item_ids', refs.join(','));
        }
        return jsonCall('GET', `${api}/inventory_levels.json?${query.toString()}`);
      },
      read(answer) {
        demandOk(answer);
        const { inventory_levels } = readBody(answer, levels, "Shopify's inventory levels");
        return {
          // The SKU is known once the items have been read.
          items: inventory_levels.map(({ inventory_item_id, location_id, available }) => ({
            sku: '',
            place: location_id,
            quantity: available,
            ref: inventory_item_id,
          })),
          ...nextPage(answer),
        };
      },
      after: {
        prepare: (output) => {
          const ids = [...new Set(output.items.map(({ ref }) => ref))];
          return jsonCall(
            'GET',
            `${api}/inventory_items.json?limit=${LEVELS}&ids=${ids.length === 0 ? '0' : ids.join(',')}`,
          );
        },
        read(answer, output) {
          demandOk(answer);
          const { inventory_items } = readBody(answer, items, "Shopify's inventory items");
          const skus = new Map(inventory_items.map(({ id, sku }) => [id, sku ?? '']));
          return {
            ...output,
            items: output.items
              .map((item) => ({ ...item, sku: skus.get(item.ref) ?? '' }))
              .filter(({ sku }) => sku !== ''),
          };
        },
      },
    },
    list_balance: {
      name: 'list_balance',
      prepare: ({ cursor }) =>
        jsonCall(
          'GET',
          `${api}/shopify_payments/balance/transactions.json?limit=${TRANSACTIONS}${cursor === undefined ? '' : `&page_info=${encodeURIComponent(cursor)}`}`,
        ),
      read(answer, { from }) {
        demandOk(answer);
        const { transactions } = readBody(answer, balance, "Shopify's balance");
        const entries = transactions.map((one): BalanceEntry => ({
          id: one.id,
          type: one.type === 'charge' || one.type === 'refund' ? one.type : 'other',
          reference: one.source_order_transaction_id ?? '',
          ...(one.source_order_id == null ? {} : { order: one.source_order_id }),
          amount: new Decimal(one.amount).abs().toFixed(2),
          currency: one.currency,
          at: new Date(one.processed_at).toISOString(),
        }));
        // The newest come first and no time can be asked for: a page that goes back far enough is the last.
        const passed = entries.some(({ at }) => at < from);
        return { items: entries.filter(({ at }) => at >= from), ...(passed ? {} : nextPage(answer)) };
      },
    },
  };
}
