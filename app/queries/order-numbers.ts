import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { overTransactions } from './transactions.ts';

/** The numbers that people know orders by. */
export const orderNumbers = defineQuery({
  name: 'order_numbers',
  sql: overTransactions(
    `t.flow = 'order_to_cash' AND t.key IN {keys:Array(String)}`,
    (orders) => `SELECT key, business_key FROM ${orders}`,
  ),
  params: z.object({ keys: z.array(z.string()).max(2_000) }),
  row: z.object({ key: z.string(), business_key: z.string() }),
});
