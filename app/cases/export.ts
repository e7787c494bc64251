import type { Viewer } from '#app/auth/viewer.ts';
import { csvResponse } from '#app/csv/csv.ts';
import { caseListQuestion, presentCaseRow } from '#app/presenters/case-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { caseStatusWords } from '#app/words/cases.ts';
import { estateNames } from '#app/words/names.ts';

const rowsAtOnce = 2_000;
const head = [
  'Case',
  'What',
  'Key',
  'Status',
  'Cause',
  'Message',
  'Field',
  'Step',
  'System',
  'Channel',
  'Amount',
  'Currency',
  'Deadline (UTC)',
  'Assignee',
  'Times failed',
  'Opened (UTC)',
  'Closed (UTC)',
  'Outcome',
];

/** The inbox as CSV: all pages of the same filters in the same order. */
export async function exportCases(context: AppContext, search: URLSearchParams, viewer: Viewer): Promise<Response> {
  const { filter, query } = await caseListQuestion(search, viewer, context);
  const names = estateNames(context.estate);
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const item = presentCaseRow(row, names);
        return [
          item.id,
          item.number,
          item.key,
          caseStatusWords(item.status).word,
          item.cause,
          item.message,
          item.where,
          item.step,
          item.system,
          item.channel,
          item.amount,
          item.currency,
          item.deadline,
          item.assignee,
          item.timesFailed,
          item.openedAt,
          item.closedAt,
          item.outcome,
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse('cases.csv', head, pages());
}
