import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { breakFilterParams, breakFilters } from './reconciliation.ts';

const missing = `kind = 'order_never_arrived' AND status = 'open' AND ${breakFilters}`;

/** Orders that never arrived, of the breaks that the same filters leave: how many, and their money by currency. */
export const missingOrderTotals = defineQuery({
  name: 'missing_order_totals',
  sql: `
    SELECT currency, count() AS orders, toString(sum(difference)) AS amount
    FROM reconciliation_breaks WHERE ${missing} GROUP BY currency ORDER BY currency`,
  params: z.object(breakFilterParams),
  row: z.object({ currency: z.string(), orders: z.number(), amount: z.string() }),
});
export type MissingOrderTotals = z.output<typeof missingOrderTotals.row>;

/** No filter: wherever and whenever they were placed. */
export const allMissingOrders: z.input<typeof missingOrderTotals.params> = {
  ...{ domains: [], kinds: [], statuses: [], systems: [], entities: [] },
  ...{ run: '', text: '' },
};

/** The same one by one, those placed first in front. */
export const missingOrders = defineQuery({
  name: 'missing_orders',
  sql: `
    SELECT break_id, revision FROM reconciliation_breaks WHERE ${missing}
    ORDER BY occurred_at, break_id LIMIT {limit:UInt32}`,
  params: z.object({ ...breakFilterParams, limit: z.int().positive() }),
  row: z.object({ break_id: z.string(), revision: z.number() }),
});
