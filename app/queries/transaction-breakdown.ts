import { z } from 'zod';
import { attributes, facets, states } from '#app/transactions/attributes.ts';
import { binStarts } from '#app/transactions/latency-bins.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import {
  askedBesides,
  askedOf,
  conditionsOf,
  latencyOf,
  overWindow,
  stateConditions,
  type TransactionFilter,
  transactionFilter,
  valueOf,
} from './transaction-filter.ts';
import { trouble } from './standing.ts';

/** Most values of one facet that are counted, the most frequent; of a facet with so many there may be more. */
export const mostValues = 500;

/** What is counted: a facet's value, all, a bucket of time (its start), a bin of the latency (its start), what has one. */
const counted = z.enum([...facets, 'all', 'time', 'latency']);

/**
 * How many transactions there are of each value of each facet, of each bucket of time and each bin of the latency, in one
 * pass. A facet's values are counted under all filters but its own, so that a page can show the alternatives to what is
 * chosen; the latency likewise.
 */
export const transactionBreakdown = defineQuery({
  name: 'transaction_breakdown',
  sql: (filter) => {
    const asked = askedOf(filter);
    const missed = (what: (typeof facets)[number] | 'latency') => {
      const condition = asked.get(what);
      return condition === undefined ? 'toUInt8(0)' : `toUInt8(NOT (${condition}))`;
    };
    const item = (what: string, value: string, misses = 'toUInt8(0)', holds = '1') =>
      `('${what}', ${value}, ${misses}, toUInt8(${holds}))`;
    const items = [
      item('all', `''`),
      item(
        'time',
        `toString(toUnixTimestamp(toStartOfInterval(occurred_at, toIntervalSecond({bucket:UInt32}), 'UTC')))`,
      ),
      item(
        'latency',
        `toString(roundDown(toUInt64(ifNull(latency_ms, 0)), [${binStarts.join(', ')}]))`,
        'latency_missed',
        'isNotNull(latency_ms)',
      ),
      ...states.map((state) => item('state', `'${state}'`, 'state_missed', stateConditions[state])),
      ...attributes.map((attribute) => item(attribute, valueOf(attribute), `${attribute}_missed`)),
    ];
    const sum = [...asked.keys()].map((what) => `${what}_missed`).join(' + ') || '0';
    return overWindow(
      (transactions) => `
      SELECT item.1 AS counted, item.2 AS value, count() AS transactions, countIf(troubled) AS troubled
      FROM (
        SELECT ${trouble} AS troubled, ${latencyOf(filter.measure)} AS latency_ms,
          ${[...facets, 'latency' as const].map((what) => `${missed(what)} AS ${what}_missed`).join(', ')},
          toUInt8(${sum}) AS misses,
          arrayJoin(arrayFilter(item -> item.4 AND item.3 = misses, [${items.join(', ')}])) AS item
        FROM ${transactions} WHERE ${askedBesides(filter)} AND misses <= 1)
      GROUP BY counted, value ORDER BY transactions DESC, value LIMIT ${mostValues} BY counted`,
    );
  },
  params: z.object({ ...transactionFilter, bucket: z.int().positive() }),
  row: z.object({ counted, value: z.string(), transactions: z.number(), troubled: z.number() }),
});

/** Which transactions are compared with the rest. */
export const selections = ['trouble', 'slow', 'span'] as const;
export type Selection = (typeof selections)[number];

/**
 * SQL: what is selected, and the filter for all that it is compared within. Slow and a span of latencies are compared with
 * what has the latency, and what is chosen of the latency is the selection and not a filter.
 */
function selected(filter: TransactionFilter & { selection: Selection }): { condition: string; within: string } {
  if (filter.selection === 'trouble') return { condition: trouble, within: conditionsOf(filter) };
  const latency = latencyOf(filter.measure);
  return {
    condition:
      filter.selection === 'slow'
        ? `${latency} > {slow_over_ms:Int64}`
        : `(${latency} >= {least_ms:Int64} AND ${latency} < {below_ms:Int64})`,
    within: `isNotNull(${latency}) AND ${conditionsOf({ ...filter, latency: 'any' })}`,
  };
}

/** How many of the selected transactions and of the rest have each value of each attribute; `all` counts both. */
export const transactionsInCommon = defineQuery({
  name: 'transactions_in_common',
  sql: (filter) => {
    const { condition, within } = selected(filter);
    return overWindow(
      (transactions) => `
      SELECT item.1 AS counted, item.2 AS value, countIf(chosen) AS selected, countIf(NOT chosen) AS rest
      FROM (
        SELECT ifNull(${condition}, 0) AS chosen,
          arrayJoin(arrayFilter(item -> item.1 = 'all' OR item.2 != '', [('all', ''),
            ${attributes.map((attribute) => `('${attribute}', ${valueOf(attribute)})`).join(', ')}])) AS item
        FROM ${transactions} WHERE ${within})
      GROUP BY counted, value HAVING selected > 0 OR counted = 'all'
      ORDER BY selected DESC, value LIMIT ${mostValues} BY counted`,
    );
  },
  params: z.object({ ...transactionFilter, selection: z.enum(selections), slow_over_ms: z.int() }),
  row: z.object({
    counted: z.enum(['all', ...attributes]),
    value: z.string(),
    selected: z.number(),
    rest: z.number(),
  }),
});
