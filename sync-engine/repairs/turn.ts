import type { CaseState } from '#contracts/v1/case.ts';
import type { RatesInForce } from '#platform/rates.ts';
import { FULFILMENT_MESSAGE } from '../flows/message.ts';
import { inReportingCurrency } from '../money.ts';

/**
 * The order in which a run takes its cases: orders before the messages about them, then as the inbox has them, by the
 * earliest deadline (none is last) and by the most money.
 */
export function inTurn(cases: readonly CaseState[], rates: RatesInForce): CaseState[] {
  return cases
    .map((state) => ({
      state,
      follows: state.flow === 'order_to_cash' && state.step !== FULFILMENT_MESSAGE ? 0 : 1,
      deadline: state.deadline === '' ? Infinity : Date.parse(state.deadline),
      worth: inReportingCurrency(state, rates)?.toNumber() ?? 0,
    }))
    .sort((a, b) => a.follows - b.follows || compare(a.deadline, b.deadline) || compare(b.worth, a.worth))
    .map(({ state }) => state);
}

/** Two that are both without a deadline are alike: Infinity less Infinity is no number. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
