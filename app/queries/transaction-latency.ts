import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { optionalText } from './columns.ts';
import { exception, late } from './standing.ts';
import { conditionsOf, latencyOf, overWindow, transactionFilter, waitsFor } from './transaction-filter.ts';

/** Figures of all transactions a filter leaves: how many, how they stand, exact percentiles of the latency, what waits. */
export const transactionFigures = defineQuery({
  name: 'transaction_figures',
  sql: (filter) =>
    overWindow(
      (transactions) => `
    SELECT count() AS transactions, countIf(${exception}) AS exceptions, countIf(is_open) AS open,
      count(latency_ms) AS measured, quantilesExact(0.5, 0.95, 0.99)(latency_ms) AS latency,
      countIf(waits) AS waiting, minIf(occurred_at, waits) AS oldest, countIf(waits AND ${late}) AS overdue
    FROM (
      SELECT *, ${latencyOf(filter.measure)} AS latency_ms, ${waitsFor(filter.measure)} AS waits
      FROM ${transactions} WHERE ${conditionsOf(filter)})`,
    ),
  params: z.object(transactionFilter),
  row: z.object({
    transactions: z.number(),
    exceptions: z.number(),
    open: z.number(),
    measured: z.number(),
    latency: z.array(z.number().nullable()),
    waiting: z.number(),
    oldest: optionalText,
    overdue: z.number(),
  }),
});
