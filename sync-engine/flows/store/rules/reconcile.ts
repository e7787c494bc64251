import type { CaseProblem } from '#contracts/v1/case.ts';
import { type EndOfDay, tender } from '#contracts/v1/store.ts';
import { Decimal, sumAmounts } from '#sync-engine/money.ts';
import type { DayTotals } from '../store-data.ts';

/** Where a store's own figures differ from its receipts by more than `tolerance`, each named. Pure. */
export function reconcile(totals: DayTotals, end: EndOfDay, tolerance: string): CaseProblem[] {
  const differs = (said: string, sum: string) => new Decimal(said).minus(sum).abs().greaterThan(tolerance);
  const problems: CaseProblem[] = [];
  for (const name of tender.options) {
    const said = sumAmounts(end.takings.filter((one) => one.tender === name).map(({ amount }) => amount));
    const sum = totals.tenders[name] ?? '0.00';
    if (!differs(said, sum)) continue;
    const at = end.takings.findIndex((one) => one.tender === name);
    problems.push(
      problem(
        'takings_differ',
        at === -1 ? '/end_of_day/takings' : `/end_of_day/takings/${at}/amount`,
        `The store took ${said} by ${name}, as it says; its receipts come to ${sum}.`,
      ),
    );
  }
  if (differs(end.tax, totals.tax))
    problems.push(
      problem(
        'tax_differs',
        '/end_of_day/tax',
        `The store says ${end.tax} of tax; its receipts come to ${totals.tax}.`,
      ),
    );
  return problems;
}

const problem = (error_code: string, path: string, message: string): CaseProblem => ({
  error_class: 'totals',
  error_code,
  path,
  document: 'received',
  message: `${message} Correct the figure and replay, or have the missing receipts sent.`,
});
