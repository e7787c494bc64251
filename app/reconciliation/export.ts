import { csvResponse } from '#app/csv/csv.ts';
import { breakQuestion, presentBreak } from '#app/presenters/reconciliation.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';

const rowsAtOnce = 2_000;

const head = [
  'Break',
  'What',
  'Difference',
  'Domain',
  'State',
  'Other side',
  'Location',
  'Channel',
  'Legal entity',
  'Payment method',
  'Reference',
  'Syncline',
  'There',
  'Apart',
  'Currency (units where empty)',
  'Happened (UTC)',
  'Since (UTC)',
  'Last seen (UTC)',
  'Times seen',
  'Owner',
  'Document',
  'Reason',
];

/** The list of breaks as CSV: all pages of the same filters in the same order, written piece by piece. */
export function exportBreaks(context: AppContext, search: URLSearchParams): Response {
  const { filter, query } = breakQuestion(search);
  const names = estateNames(context.estate);
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const one = presentBreak(row, names);
        return [
          ...[one.id, one.what, one.kind, one.domain, one.word, one.system, one.place, one.channel, one.entity],
          ...[one.method, one.reference, one.ours, one.theirs, one.difference, one.currency],
          ...[one.happenedAt, one.since, one.seenAt],
          ...[one.times, one.assignee, one.document, one.reason],
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('breaks.csv', head, pages());
}
