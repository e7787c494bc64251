import { csvResponse } from '#app/csv/csv.ts';
import { presentTransactionRow, transactionQuestion } from '#app/presenters/transactions.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';
import { measureWords } from './attributes.ts';

const rowsAtOnce = 2_000;

/** The list of transactions as CSV: all pages of the same filters in the same order, written piece by piece. */
export function exportTransactions(context: AppContext, search: URLSearchParams): Response {
  const { filter, query } = transactionQuestion(search, context);
  const names = estateNames(context.estate);
  const head = [
    ...['Transaction', 'Key', 'State', 'Latest step', 'Error', 'Channel', 'Legal entity', 'Location', 'SKU', 'Tier'],
    ...['Origin', 'Attempts', 'Amount', 'Currency', `${measureWords[filter.measure].word}, ms`],
    ...['Happened (UTC)', 'Last step (UTC)', 'Deadline (UTC)'],
  ];
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const one = presentTransactionRow(row, names);
        return [
          ...[one.number, one.id, one.word, one.doing, one.error, one.channel, one.entity, one.location, one.sku],
          ...[one.tier, one.origin, one.attempts, one.amount, one.currency, one.latencyMs ?? ''],
          ...[one.occurredAt, one.lastAt, one.deadline],
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('transactions.csv', head, pages());
}
