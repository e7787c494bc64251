import type { CaseState } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { RatesInForce } from '#platform/rates.ts';
import { inReportingCurrency } from './money.ts';

/** What something comes to; empty where it moves no money. */
export type Worth = Pick<CaseState, 'amount' | 'currency'>;

/**
 * Is this more money than one person, or a rule, may move? A currency without a rate counts as too much; where there is
 * no amount nothing is moved.
 */
export function exceedsOnePerson(money: Worth, { policies }: Pick<Estate, 'policies'>, rates: RatesInForce): boolean {
  return exceedsLimit(money, rates, policies.second_person_above);
}

/** @param limit in the reporting currency; undefined is none. */
export function exceedsLimit(money: Worth, rates: RatesInForce, limit: string | undefined): boolean {
  if (limit === undefined || money.amount === '') return false;
  return inReportingCurrency(money, rates)?.greaterThan(limit) ?? true;
}

/** What an order comes to. */
export const worthOf = ({ totals, currency }: Pick<Order, 'totals' | 'currency'>): Worth => ({
  amount: totals.total,
  currency,
});
