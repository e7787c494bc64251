import type { MissingOrderTotals } from '#app/queries/missing-orders.ts';
import type { RatesInForce } from '#platform/rates.ts';
import { inReportingCurrency } from './money-sum.ts';

/** Orders that never arrived, in all: their money in each currency and in the reporting currency. Pure. */
export function presentMissingOrders(totals: readonly MissingOrderTotals[], rates: RatesInForce) {
  return {
    orders: totals.reduce((sum, { orders }) => sum + orders, 0),
    value: inReportingCurrency(
      totals.map(({ currency, amount }) => [currency, amount]),
      rates,
    ),
    byCurrency: totals.map(({ currency, orders, amount }) => ({ currency, orders, amount })),
  };
}
export type MissingOrdersView = ReturnType<typeof presentMissingOrders>;
