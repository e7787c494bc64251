import type { Viewer } from '#app/auth/viewer.ts';
import { csvResponse } from '#app/csv/csv.ts';
import { presentConnectors } from '#app/presenters/connectors.ts';
import type { AppContext } from '#app/server/context.ts';
import { limitWords } from './limit-words.ts';

const head = [
  'Connector',
  'Id',
  'State',
  'Role',
  'Kind',
  'Calls/s',
  'Backlog',
  'Oldest (UTC)',
  'Retries waiting',
  'Next retry (UTC)',
  'Calls',
  'Success, %',
  'p95, ms',
  'Maintenance from (UTC)',
  'Maintenance until (UTC)',
  'Maintenance, why',
  'Limits',
];

/** Every connector as CSV, in the order of the list; its calls are those of the address's time. */
export function exportConnectors(context: AppContext, viewer: Viewer, search: URLSearchParams): Response {
  async function* pages() {
    const { connectors } = await presentConnectors(context, viewer, search);
    yield connectors.map(({ maintenance, ...row }) => [
      ...[row.name, row.id, row.word, row.role, row.kind],
      ...(row.known ? [row.ratePerS, row.backlog] : ['', '']),
      ...[row.oldestAt, row.known ? row.waiting : '', row.nextDueAt, row.calls, row.success, row.p95 ?? ''],
      ...[maintenance?.starts ?? '', maintenance?.until ?? '', maintenance?.reason ?? '', limitWords(row.limits)],
    ]);
  }
  return csvResponse('connectors.csv', head, pages());
}
