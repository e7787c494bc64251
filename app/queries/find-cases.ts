import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** Cases by the beginning of their id or of their order's number, the newest first. */
export const findCases = defineQuery({
  name: 'find_cases',
  sql: `
    SELECT case_id, status, business_key, error_message
    FROM cases
    WHERE startsWith(lower(case_id), {text:String}) OR startsWith(lower(business_key), {text:String})
    ORDER BY opened_at DESC
    LIMIT {limit:UInt32}`,
  params: z.object({ text: z.string().min(3).max(200), limit: z.int().positive().max(50) }),
  row: z.object({ case_id: z.string(), status: z.string(), business_key: z.string(), error_message: z.string() }),
  timeLimit: 3,
});
