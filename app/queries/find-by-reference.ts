import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** Orders by the beginning of any number people know them by, the newest first. `with_personal` admits e-mail addresses. */
export const findByReference = defineQuery({
  name: 'find_by_reference',
  sql: `
    SELECT key, argMin(value, kind = 'business_key') AS shown, argMin(kind, kind = 'business_key') AS found_by, max(occurred_at) AS placed_at
    FROM transaction_references
    WHERE startsWith(folded, {text:String})
      AND flow = 'order_to_cash'
      AND (kind != 'customer_email' OR {with_personal:UInt8} = 1)
    GROUP BY key
    ORDER BY placed_at DESC
    LIMIT {limit:UInt32}`,
  params: z.object({
    /** Lower case. */
    text: z.string().min(3).max(200),
    with_personal: z.union([z.literal(0), z.literal(1)]),
    limit: z.int().positive().max(50),
  }),
  row: z.object({ key: z.string(), shown: z.string(), found_by: z.string(), placed_at: z.string() }),
  timeLimit: 3,
});
