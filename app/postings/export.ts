import { csvResponse } from '#app/csv/csv.ts';
import { postingQuestion, presentPosting } from '#app/presenters/postings.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';

const rowsAtOnce = 2_000;

const head = [
  'Posting key',
  'Document',
  'Document number',
  'System',
  'Legal entity',
  'Transaction',
  'State',
  'Attempts',
  'Amount',
  'Currency',
  'Error code',
  'Error',
  'Posted (UTC)',
  'Last attempt (UTC)',
  'Next attempt (UTC)',
];

/** The list of postings as CSV: all pages of the same filters in the same order, written piece by piece. */
export function exportPostings(context: AppContext, search: URLSearchParams): Response {
  const { filter, query } = postingQuestion(search, context.now());
  const names = estateNames(context.estate);
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const one = presentPosting(row, names);
        return [
          ...[one.postingKey, one.document, one.documentNumber, one.system, one.entity, one.number, one.word],
          ...[one.attempts, one.amount, one.currency, one.errorCode, one.error],
          ...[one.postedAt, one.lastAt, one.retryAt],
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('postings.csv', head, pages());
}
