import { csvResponse } from '#app/csv/csv.ts';
import { incidentsOf, presentIncidentLine } from '#app/presenters/incidents.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';

const head = [
  ...['Incident', 'Title', 'State', 'Severity', 'Affected', 'Lead', 'Began (UTC)', 'Raised by', 'Ended (UTC)'],
  ...['Lasted, s', 'Cases', 'Orders', 'Value affected', 'Value at risk', 'Currency'],
  ...['What happened', 'What customers saw', 'What was done', 'What follows'],
];

/** The list of incidents as CSV: all pages of the same filters in the same order, with the written ends. */
export function exportIncidents(context: AppContext, search: URLSearchParams): Response {
  const names = estateNames(context.estate);
  async function* pages() {
    yield await Promise.resolve(
      incidentsOf(context, search).map((incident) => {
        const line = presentIncidentLine(incident, names, context.now());
        const { ending } = incident;
        const figures = ending?.figures;
        return [
          ...[line.id, line.title, line.state, line.severity, line.affected.join(', '), line.lead, line.since],
          ...[line.raisedBy, line.endedAt, Math.round(line.lastedMs / 1_000), figures?.cases ?? ''],
          ...[figures?.orders ?? '', figures?.value.amount ?? '', figures?.at_risk.amount ?? ''],
          ...[figures?.value.currency ?? '', ending?.happened ?? '', ending?.seen ?? '', ending?.done ?? ''],
          ending?.follows ?? '',
        ];
      }),
    );
  }
  return csvResponse('incidents.csv', head, pages());
}
