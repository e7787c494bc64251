import { csvResponse } from '#app/csv/csv.ts';
import { presentRejected, rejectedQuestion } from '#app/presenters/rejected.ts';
import type { AppContext } from '#app/server/context.ts';
import { remedyOf } from '#app/words/rejected.ts';

const rowsAtOnce = 2_000;

const head = ['Arrived (UTC)', 'Came by', 'Position', 'Subject', 'Producer', 'Field', 'Reason', 'What to do'];

/** The list of rejected events as CSV, without their text: all pages of the same filters in the same order. */
export function exportRejected(context: AppContext, search: URLSearchParams): Response {
  const { filter, query } = rejectedQuestion(search, context.now());
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const one = presentRejected(row);
        return [
          ...[one.arrivedAt, one.stream, one.position ?? '', one.subject, one.producer, one.field, one.reason],
          remedyOf(row),
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('rejected-events.csv', head, pages());
}
