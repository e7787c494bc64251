import { z } from 'zod';
import { stepStatus } from '#contracts/v1/step-event.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { flag, optionalText } from './columns.ts';
import { late } from './standing.ts';
import { begunSince, overTransactions } from './transactions.ts';

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

const overReturns = (question: (returns: string) => string): string =>
  overTransactions(`t.flow = 'return_to_refund' AND ${begunSince('since')}`, question);

export const returnSorts = ['number', 'order', 'channel', 'refund', 'requested', 'due'] as const;
export type ReturnSort = (typeof returnSorts)[number];

const sortColumns: Record<ReturnSort, string> = {
  number: 'business_key',
  order: 'order_number',
  channel: 'channel',
  refund: 'amount',
  requested: 'occurred_at',
  due: 'if(is_open, deadline, NULL)',
};

const orderBy = (sort: ReturnSort | undefined, direction: string): string =>
  sort === undefined
    ? `${late} DESC, ${stopped} DESC, is_open DESC, occurred_at DESC, key`
    : `${sortColumns[sort]} ${direction} NULLS LAST, key ${direction}`;

const returnFilter = {
  /** Asked for at or after this instant. */
  since: instant,
  now: instant,
  problem: z.union([z.literal(''), z.enum(returnProblems)]),
  channels: z.array(z.string()),
  /** Beginning of a return's or its order's number, in lower case; empty for all. */
  text: z.string(),
};

const asked = `
  multiIf({problem:String} = 'stuck', ${late}, {problem:String} = 'case', ${stopped},
    {problem:String} = 'open', is_open, 1)
  AND (empty({channels:Array(String)}) OR has({channels:Array(String)}, channel))
  AND ({text:String} = '' OR startsWith(lowerUTF8(business_key), {text:String})
    OR startsWith(lowerUTF8(order_number), {text:String}))`;

/**
 * Returns, filtered, sorted and paged by ClickHouse; without a sort those in trouble come first, then what is open, the
 * newest first. Which are on the page is found out before all of each is read.
 */
export function returnList(sort: ReturnSort | undefined, descending: boolean) {
  const direction = descending ? 'DESC' : 'ASC';
  const order = orderBy(sort, direction);
  return defineQuery({
    name: `return_list:${sort ?? 'trouble'}:${direction}`,
    sql: overReturns(
      (returns) => `
        SELECT ${columns} FROM ${returns} WHERE key IN (${overReturns(
          (all) => `
            SELECT key FROM ${all} WHERE ${asked}
            ORDER BY ${order} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
        )})
        ORDER BY ${order}`,
    ),
    params: z.object({ ...returnFilter, limit: z.int().positive(), offset: z.int() }),
    row,
  });
}

/** How many the same filters leave. */
export const returnCount = defineQuery({
  name: 'return_count',
  sql: overReturns((returns) => `SELECT count() AS returns FROM ${returns} WHERE ${asked}`),
  params: z.object(returnFilter),
  row: z.object({ returns: z.number() }),
});

/** How many returns are open, late and stopped. */
export const returnCounts = defineQuery({
  name: 'return_counts',
  sql: overReturns(
    (returns) => `
      SELECT count() AS all, countIf(is_open) AS open, countIf(${late}) AS stuck, countIf(${stopped}) AS stopped
      FROM ${returns}`,
  ),
  params: z.object({ since: instant, now: instant }),
  row: z.object({ all: z.number(), open: z.number(), stuck: z.number(), stopped: z.number() }),
});

/** The returns of one order, the oldest first. */
export const returnsOfOrder = defineQuery({
  name: 'returns_of_order',
  sql: overTransactions(
    `t.flow = 'return_to_refund' AND t.key IN (
      SELECT key FROM transaction_references
      WHERE flow = 'return_to_refund' AND kind = 'order_key' AND folded = lower({order_key:String}))`,
    (returns) => `
    SELECT ${columns} FROM ${returns}
    ORDER BY occurred_at, key LIMIT 100`,
  ),
  params: z.object({ order_key: z.string(), now: instant }),
  row,
});
