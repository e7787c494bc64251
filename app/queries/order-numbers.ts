import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** The numbers that people know orders by. */
export const orderNumbers = defineQuery({
  name: 'order_numbers',
  sql: `SELECT key, business_key FROM transactions WHERE flow = 'order_to_cash' AND key IN {keys:Array(String)}`,
  params: z.object({ keys: z.array(z.string()).max(2_000) }),
  row: z.object({ key: z.string(), business_key: z.string() }),
});
