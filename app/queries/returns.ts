import { z } from 'zod';
import { stepStatus } from '#contracts/v1/step-event.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { flag, optionalText } from './columns.ts';
import { late } from './standing.ts';
import { transactionsSince } from './transactions-within.ts';

/** Which returns to list: `stuck` are open and past what they had until the goods came, or until they were refunded. */
export const returnProblems = ['stuck', 'case', 'open'] as const;

const stopped = `(is_open AND status = 'quarantined')`;

const row = z.object({
  key: z.string(),
  number: z.string(),
  order_key: z.string(),
  order_number: z.string(),
  occurred_at: z.string(),
  channel: z.string(),
  amount: z.string(),
  money: z.string(),
  step: z.string(),
  status: stepStatus,
  system: z.string(),
  deadline: optionalText,
  last_at: z.string(),
  case_id: z.string(),
  error_message: z.string(),
  is_open: flag,
  is_stuck: flag,
});
export type ReturnRow = z.output<typeof row>;

const columns = `
  key, business_key AS number, order_key, order_number, occurred_at, channel, amount, currency AS money, step, status, system,
  deadline, last_at, case_id, error_message, is_open, ${late} AS is_stuck`;

const askedSince = `FROM ${transactionsSince('since')} WHERE flow = 'return_to_refund'`;

/** Returns asked for since `since`, those in trouble first, then what is open, the newest first. */
export const returnList = defineQuery({
  name: 'return_list',
  sql: `
    SELECT ${columns} ${askedSince}
      AND multiIf({problem:String} = 'stuck', ${late}, {problem:String} = 'case', ${stopped},
        {problem:String} = 'open', is_open, 1)
    ORDER BY is_stuck DESC, ${stopped} DESC, is_open DESC, occurred_at DESC, key
    LIMIT {limit:UInt32}`,
  params: z.object({
    since: instant,
    now: instant,
    problem: z.union([z.literal(''), z.enum(returnProblems)]),
    limit: z.int().positive(),
  }),
  row,
});

/** How many returns are open, late and stopped. */
export const returnCounts = defineQuery({
  name: 'return_counts',
  sql: `
    SELECT count() AS all, countIf(is_open) AS open, countIf(${late}) AS stuck, countIf(${stopped}) AS stopped
    ${askedSince}`,
  params: z.object({ since: instant, now: instant }),
  row: z.object({ all: z.number(), open: z.number(), stuck: z.number(), stopped: z.number() }),
});

/** The returns of one order, the oldest first. */
export const returnsOfOrder = defineQuery({
  name: 'returns_of_order',
  sql: `
    SELECT ${columns} FROM transactions
    WHERE flow = 'return_to_refund' AND key IN (
      SELECT key FROM transaction_references
      WHERE flow = 'return_to_refund' AND kind = 'order_key' AND folded = lower({order_key:String}))
    ORDER BY occurred_at, key LIMIT 100`,
  params: z.object({ order_key: z.string(), now: instant }),
  row,
});
