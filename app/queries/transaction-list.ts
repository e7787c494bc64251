import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { flow, stepStatus } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { flag, optionalText } from './columns.ts';
import { late, stuck } from './standing.ts';
import { stepTargetParams } from './step-target.ts';
import { conditionsOf, latencyOf, overWindow, transactionFilter } from './transaction-filter.ts';
import { overTransactions } from './transactions.ts';

export const transactionSorts = ['occurred', 'last', 'number', 'amount', 'latency', 'attempts'] as const;
export type TransactionSort = (typeof transactionSorts)[number];

const sortColumns: Record<TransactionSort, string> = {
  occurred: 'occurred_at',
  last: 'last_at',
  number: 'business_key',
  amount: 'amount',
  latency: 'latency_ms',
  attempts: 'max_attempt',
};

const row = z.object({
  flow,
  key: z.string(),
  business_key: z.string(),
  occurred_at: z.string(),
  last_at: z.string(),
  channel: z.string(),
  legal_entity: z.string(),
  tier: z.string(),
  location: z.string(),
  sku: z.string(),
  origin: z.string(),
  amount: z.string(),
  money: z.string(),
  step: z.string(),
  status: stepStatus,
  system: z.string(),
  deadline: optionalText,
  case_id: z.string(),
  error_message: z.string(),
  max_attempt: z.number(),
  is_open: flag,
  is_late: flag,
  is_stuck: flag,
  latency_ms: z.number().nullable(),
});
export type TransactionRow = z.output<typeof row>;

/** Transactions of one flow, filtered, sorted and paged by ClickHouse: which are on the page is found out before all of each is read. */
export function transactionList(sort: TransactionSort, descending: boolean) {
  const direction = descending ? 'DESC' : 'ASC';
  const order = `${sortColumns[sort]} ${direction} NULLS LAST, key ${direction}`;
  return defineQuery({
    name: `transaction_list:${sort}:${direction}`,
    sql: (filter) => {
      const onPage = overWindow(
        (transactions) => `
          SELECT key FROM (SELECT *, ${latencyOf(filter.measure)} AS latency_ms FROM ${transactions})
          WHERE ${conditionsOf(filter)}
          ORDER BY ${order} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      );
      return overWindow(
        (transactions) => `
          SELECT flow, key, business_key, occurred_at, last_at, channel, legal_entity, tier, location, sku, origin, amount,
            currency AS money, step, status, system, deadline, case_id, error_message, max_attempt, is_open,
            ${late} AS is_late, ${stuck} AS is_stuck, ${latencyOf(filter.measure)} AS latency_ms
          FROM ${transactions} WHERE key IN (${onPage})
          ORDER BY ${order}`,
      );
    },
    params: z.object({ ...transactionFilter, limit: z.int().positive(), offset: z.int() }),
    row,
  });
}

/** One transaction as it stands. */
export const transactionByKey = defineQuery({
  name: 'transaction_by_key',
  sql: overTransactions(
    `t.flow = {flow:String} AND t.key = {key:String}`,
    (transactions) => `
    SELECT flow, key, trace_id, business_key, occurred_at, first_at, last_at, channel, region, legal_entity, brand, tier,
      location, sku, origin, amount, currency AS money, step, status, system, deadline, retry_at, case_id, error_message,
      error_code, max_attempt, is_open, ${late} AS is_late, ${stuck} AS is_stuck
    FROM ${transactions}`,
  ),
  params: z.object({ flow, key: z.string(), now: instant, ...stepTargetParams }),
  row: row.omit({ latency_ms: true }).extend({
    trace_id: z.string(),
    first_at: z.string(),
    region: z.string(),
    brand: z.string(),
    retry_at: optionalText,
    error_code: z.string(),
  }),
});
