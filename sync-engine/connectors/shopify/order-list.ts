import { z } from 'zod';
import { currencyCode, decimal, offsetDateTime } from '#contracts/v1/primitives.ts';
import { parseToCopy, stringifyExactJson } from '#platform/exact-json.ts';
import type { Answer } from '../connector.ts';
import type { OrderSourceServices, ReconciliationServices } from '../services.ts';
import { readBody, unreadable } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { nextPage } from './lists.ts';
import { demandOk } from './refusal.ts';

const ORDERS = 250;
const FIELDS = 'id,name,created_at,cancelled_at,test,currency,total_price';

const listed = z.object({
  orders: z.array(
    z.object({
      id: z.string().regex(/^\d{1,20}$/),
      name: z.string(),
      created_at: offsetDateTime,
      cancelled_at: offsetDateTime.nullish(),
      test: z.boolean().nullish(),
      currency: currencyCode,
      total_price: decimal,
    }),
  ),
});

/** Source: shopify.dev/docs/api/admin-rest/latest/resources/order. Orders older than 60 days take the scope `read_all_orders`. */
export function shopifyOrderList(api: string): OrderSourceServices & Pick<ReconciliationServices, 'list_orders'> {
  return {
    list_orders: {
      name: 'list_orders',
      prepare(input) {
        const query = new URLSearchParams({ limit: String(ORDERS), fields: FIELDS });
        // A page named by its cursor keeps the filter of the first; naming it again is refused.
        if (input.cursor !== undefined) query.set('page_info', input.cursor);
        else {
          query.set('status', 'any');
          if ('ids' in input) query.set('ids', input.ids.join(','));
          else {
            query.set('created_at_min', input.from);
            query.set('created_at_max', input.to);
          }
        }
        return jsonCall('GET', `${api}/orders.json?${query.toString()}`);
      },
      read(answer, input) {
        demandOk(answer);
        const items = readBody(answer, listed, "Shopify's list of orders").orders.map((one) => ({
          externalId: one.id,
          number: one.name,
          placedAt: new Date(one.created_at).toISOString(),
          total: one.total_price,
          currency: one.currency,
          test: one.test === true,
          cancelled: one.cancelled_at != null,
        }));
        // Shopify counts the end of the period in.
        const wanted = 'ids' in input ? items : items.filter(({ placedAt }) => placedAt < input.to);
        return { items: wanted, ...nextPage(answer) };
      },
    },
    fetch_order: {
      name: 'fetch_order',
      prepare: ({ externalId }) => jsonCall('GET', `${api}/orders/${segment(externalId)}.json`),
      read(answer) {
        demandOk(answer);
        return { topic: 'orders/create', body: orderIn(answer) };
      },
    },
  };
}

/** The order alone, as a webhook carries it: every number with its digits. */
function orderIn(answer: Answer): string {
  let document: unknown;
  try {
    document = parseToCopy(answer.body);
  } catch {
    throw unreadable("Shopify's order is not JSON.");
  }
  const order = z.object({ order: z.record(z.string(), z.unknown()) }).safeParse(document);
  if (!order.success) throw unreadable("Shopify's answer holds no order.");
  return stringifyExactJson(order.data.order);
}
