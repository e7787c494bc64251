import { z } from 'zod';
import { mostSearched } from '#app/orders/pasted-values.ts';
import { lifecycle } from '#contracts/v1/order.ts';
import { stepStatus } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { flag, instantParam, optionalText } from './columns.ts';
import { acceptedKeys } from './order-intake.ts';
import { late, stopped, stuck } from './standing.ts';
import { stepTargetParams } from './step-target.ts';
import { perhapsStuckOrders } from './stuck-orders.ts';
import { allTransactions, overTransactions, placedWithin } from './transactions.ts';

export const orderSorts = ['placed', 'number', 'amount', 'deadline', 'last', 'lifecycle'] as const;
export type OrderSort = (typeof orderSorts)[number];
export const orderProblems = ['case', 'late', 'stuck', 'failed', 'none'] as const;

/** Each value that is looked up may be written in two ways. */
const mostTerms = 2 * mostSearched;

const filterParams = {
  /** Window of placed times, or of acceptance, [from, to), RFC 3339. Placed times are not used where `terms` search. */
  from: z.string(),
  to: z.string(),
  /** Those accepted at intake within the window, whenever they were placed; without backfill. */
  accepted: z.boolean(),
  now: z.string(),
  ...stepTargetParams,
  channels: z.array(z.string()),
  lifecycles: z.array(lifecycle),
  entities: z.array(z.string()),
  problem: z.union([z.literal(''), z.enum(orderProblems)]) satisfies z.ZodType<Problem>,
  /** What was searched for, lower case; several are whole values, one may be the beginning of a value. */
  terms: z.array(z.string()).max(mostTerms),
  prefix: z.string(),
  /** May the searcher find by customer e-mail? */
  personal: z.boolean(),
};

export const orderRow = z.object({
  key: z.string(),
  business_key: z.string(),
  occurred_at: z.string(),
  channel: z.string(),
  legal_entity: z.string(),
  tier: z.string(),
  amount: z.string(),
  currency: z.string(),
  lifecycle,
  step: z.string(),
  status: stepStatus,
  system: z.string(),
  attempt: z.number(),
  deadline: optionalText,
  last_at: z.string(),
  retry_at: optionalText,
  error_message: z.string(),
  is_open: flag,
  open_case: z.string(),
  erp_ms: z.number().nullable(),
  released_ms: z.number().nullable(),
});
export type OrderRow = z.infer<typeof orderRow>;

interface Asked {
  searched: boolean;
  accepted: boolean;
  problem: Problem;
}

/**
 * What was accepted within the window, which a search among it narrows further, and a search of everything look at all
 * times, by keys; a window of placed times looks at its own time alone.
 */
function which({ searched, accepted, problem }: Asked): string {
  if (accepted) return `t.flow = 'order_to_cash' AND t.key IN (${acceptedKeys})`;
  if (searched) return allTransactions;
  const placed = placedWithin('from', 'to');
  if (problem !== 'late' && problem !== 'stuck') return placed;
  // Few of many: they are found before the states of all are read.
  const within = `occurred_at >= ${instantParam('from')} AND occurred_at < ${instantParam('to')}`;
  return `${placed} AND t.key IN (${perhapsStuckOrders(within)})`;
}

type Problem = '' | (typeof orderProblems)[number];
const problems: Record<Problem, string> = {
  '': '1',
  case: 'key IN (SELECT key FROM cases WHERE is_open)',
  late,
  stuck,
  failed: `(is_open AND status IN ('failed', 'retrying', 'quarantined'))`,
  none: `NOT (${stuck} OR ${stopped})`,
};

/** Only what is asked stands in it, so that what nothing asks for is not read of every order. */
const filters = ({ searched, problem }: Omit<Asked, 'accepted'>) => `
  flow = 'order_to_cash'
  ${
    searched
      ? `AND key IN (
    SELECT key FROM transaction_references
    WHERE flow = 'order_to_cash'
      AND (has({terms:Array(String)}, folded) OR ({prefix:String} != '' AND startsWith(folded, {prefix:String})))
      AND (kind != 'customer_email' OR {personal:Bool}))`
      : ''
  }
  AND (empty({channels:Array(String)}) OR has({channels:Array(String)}, channel))
  AND (empty({lifecycles:Array(String)}) OR has({lifecycles:Array(String)}, lifecycle))
  AND (empty({entities:Array(String)}) OR has({entities:Array(String)}, legal_entity))
  AND ${problems[problem]}`;

const sortColumns: Record<OrderSort, string> = {
  placed: 'occurred_at',
  number: 'business_key',
  amount: 'amount',
  deadline: 'if(is_open, deadline, NULL)',
  last: 'last_at',
  lifecycle:
    "indexOf(['pending_validation','allocated','released_to_warehouse','partially_shipped','shipped','delivered','returned','financially_settled','cancelled'], lifecycle)",
};

/** Orders with their state, filtered, sorted and paged by ClickHouse: which are on the page is found out before all of each is read. */
export function orderList(options: { searched: boolean; sort: OrderSort; descending: boolean }) {
  const direction = options.descending ? 'DESC' : 'ASC';
  const order = `${sortColumns[options.sort]} ${direction} NULLS LAST, key ${direction}`;
  return defineQuery({
    name: `order_list:${options.searched ? 'search' : 'window'}:${options.sort}:${direction}`,
    sql: ({ accepted, problem }) => {
      const asked = { ...options, accepted, problem };
      const onPage = overTransactions(
        which(asked),
        (orders) => `
          SELECT key FROM ${orders} WHERE ${filters(asked)}
          ORDER BY ${order} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      );
      return overTransactions(
        which(asked),
        (orders) => `
          SELECT key, business_key, occurred_at, channel, legal_entity, tier, amount, currency, lifecycle, step, status,
            system, attempt, deadline, last_at, retry_at, error_message, is_open, open_case,
            if(isNull(erp_confirmed_at), NULL, dateDiff('millisecond', occurred_at, erp_confirmed_at)) AS erp_ms,
            if(isNull(released_at), NULL, dateDiff('millisecond', occurred_at, released_at)) AS released_ms
          FROM ${orders} AS t
          LEFT JOIN (SELECT key AS case_key, max(case_id) AS open_case FROM cases WHERE is_open GROUP BY key) AS c
            ON t.key = c.case_key
          WHERE flow = 'order_to_cash' AND key IN (${onPage})
          ORDER BY ${order}`,
      );
    },
    params: z.object({ ...filterParams, limit: z.number(), offset: z.number() }),
    row: orderRow,
  });
}

/** How many orders the same filters leave, and how many of them are in trouble, in one pass. */
export function orderCount(options: { searched: boolean }) {
  return defineQuery({
    name: `order_count:${options.searched ? 'search' : 'window'}`,
    sql: ({ accepted, problem }) => {
      const asked = { ...options, accepted, problem };
      return overTransactions(
        which(asked),
        (orders) => `
          SELECT count() AS orders, countIf(${late}) AS late, countIf(key IN (SELECT key FROM cases WHERE is_open)) AS with_case
          FROM ${orders} WHERE ${filters(asked)}`,
      );
    },
    params: z.object(filterParams),
    row: z.object({ orders: z.number(), late: z.number(), with_case: z.number() }),
  });
}

/** Which of the values searched for name an order at all, and whether any of those orders is left by the other filters. */
export const termsFound = defineQuery({
  name: 'terms_found',
  sql: ({ problem }) => `
    SELECT folded AS term, max(key IN (${overTransactions(
      allTransactions,
      (orders) => `SELECT key FROM ${orders} WHERE ${filters({ searched: true, problem })}`,
    )})) AS listed
    FROM transaction_references
    WHERE flow = 'order_to_cash' AND has({terms:Array(String)}, folded) AND (kind != 'customer_email' OR {personal:Bool})
    GROUP BY folded`,
  params: z.object(filterParams),
  row: z.object({ term: z.string(), listed: flag }),
});
