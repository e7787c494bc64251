import { csvResponse } from '#app/csv/csv.ts';
import { presentItem } from '#app/presenters/repair-runs.ts';
import { repairItemList } from '#app/queries/repair-items.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';
import { repairOutcomeWords } from '#app/words/repair-runs.ts';

const rowsAtOnce = 2_000;

/** What became of every case of a run, as CSV. */
export function repairReport(context: AppContext, run: string): Response {
  const names = estateNames(context.estate);
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(repairItemList, { run, outcomes: [], limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const { id, number, amount, currency, outcome, message, at } = presentItem(row, names);
        return [id, number, row.key, amount, currency, repairOutcomeWords(outcome).word, message, at];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  const head = ['Case', 'What', 'Key', 'Amount', 'Currency', 'Outcome', 'Reason', 'At (UTC)'];
  return csvResponse(`repair-${run}.csv`, head, pages());
}
