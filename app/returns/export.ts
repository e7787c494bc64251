import { csvResponse } from '#app/csv/csv.ts';
import { presentReturn, returnQuestion } from '#app/presenters/returns.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';

const rowsAtOnce = 2_000;

const head = [
  'Return',
  'Key',
  'State',
  'Note',
  'Past its time',
  'Order',
  'Channel',
  'Refund',
  'Currency',
  'Asked for (UTC)',
  'Due (UTC)',
  'Case',
];

/** The list of returns as CSV: all pages of the same filters in the same order, written piece by piece. */
export function exportReturns(context: AppContext, search: URLSearchParams): Response {
  const { filter, query } = returnQuestion(search, context.now());
  const names = estateNames(context.estate);
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const one = presentReturn(row, names);
        return [
          ...[one.number, one.key, one.word, one.note, one.stuck ? 'yes' : 'no', one.orderNumber, one.channel],
          ...[one.amount, one.currency, one.requestedAt, one.deadline, one.caseId],
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('returns.csv', head, pages());
}
