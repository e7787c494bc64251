import { may } from '#contracts/v1/permissions.ts';
import { type Incident, incidentSeverity, linkKey } from '#contracts/v1/incident.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { Chip } from '#app/components/chips.tsx';
import type { Span } from '#app/components/time-series.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import {
  type IncidentFilter,
  incidentSorts,
  lastedMs,
  openOnes,
  ordered,
  passes,
  readIncidentFilter,
} from '#app/incidents/filters.ts';
import { incidentPageSize } from '#app/incidents/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { flowWords } from '#app/words/flows.ts';
import { incidentState, severityWords } from '#app/words/incidents.ts';
import { estateNames, type EstateNames, systemName } from '#app/words/names.ts';

type Context = Pick<AppContext, 'incidents' | 'estate' | 'now'>;

/** What it touches, by name. */
export const affectedWords = ({ affected }: Pick<Incident, 'affected'>, names: EstateNames): string[] => [
  ...affected.systems.map((id) => systemName(names, id)),
  ...affected.channels.map((id) => names.channels[id]?.name ?? id),
  ...affected.flows.map((flow) => flowWords(flow).label.toLowerCase()),
];

/** An incident as lists show it. Pure. */
export function presentIncidentLine(incident: Incident, names: EstateNames, now: Date) {
  const { ending } = incident;
  return {
    id: incident.incident_id,
    title: incident.title,
    state: incident.state,
    severity: incident.severity,
    mark: severityWords(incident.severity),
    ...incidentState(incident),
    affected: affectedWords(incident, names),
    lead: incident.lead,
    since: incident.since,
    raisedBy: incident.raised_by,
    endedAt: ending?.ended_at ?? '',
    lastedMs: lastedMs(incident, now),
    orders: ending?.figures.orders ?? null,
    value: ending?.figures.value ?? { amount: '', currency: '' },
    updatedAt: incident.updated_at,
  };
}
export type IncidentLine = ReturnType<typeof presentIncidentLine>;

/** What everybody is to know of on every page: the open incidents, the worst first. */
export function presentOpenIncidents({ incidents }: Pick<AppContext, 'incidents'>) {
  const all = incidents.all();
  return {
    /** Grows with every change of any incident: of two answers the greater tells of what came later. */
    version: all.reduce((sum, { revision }) => sum + revision, 0),
    incidents: openOnes(all).map((incident) => ({
      id: incident.incident_id,
      revision: incident.revision,
      title: incident.title,
      ...severityWords(incident.severity),
      since: incident.since,
      lead: incident.lead,
      /** Keys of what is linked. */
      links: incident.links.map(linkKey),
    })),
  };
}
export type OpenIncidentsView = ReturnType<typeof presentOpenIncidents>;
export type OpenIncident = OpenIncidentsView['incidents'][number];

/** Incidents that were open at any time within [from, to), as spans of a chart; one that is open lasts on. */
export const incidentSpans = (incidents: readonly Incident[], { from, to }: { from: string; to: string }): Span[] =>
  incidents.flatMap(({ incident_id, severity, since, ending }) => {
    const over = ending?.ended_at ?? to;
    const colour = severityWords(severity).condition;
    return since < to && over > from ? [{ name: incident_id, from: since, to: over, colour }] : [];
  });

/** Incidents of an address, all pages; the export writes the very same. */
export function incidentsOf({ incidents, estate, now }: Context, search: URLSearchParams): Incident[] {
  const filter = readIncidentFilter(search, estate);
  return ordered(
    incidents.all().filter((one) => passes(one, filter)),
    search,
    now(),
  );
}

/** Incidents that the address asks for, a page of them. */
export function presentIncidents(context: Context, viewer: Viewer, search: URLSearchParams) {
  const { estate } = context;
  const names = estateNames(estate);
  const found = incidentsOf(context, search);
  const { page } = readListAddress(search, incidentSorts);
  const filter = readIncidentFilter(search, estate);
  const all = context.incidents.all();
  return {
    lines: found
      .slice((page - 1) * incidentPageSize, page * incidentPageSize)
      .map((one) => presentIncidentLine(one, names, context.now())),
    page,
    total: found.length,
    counts: {
      all: all.length,
      open: all.filter(({ state }) => state === 'open').length,
      ended: all.filter(({ state }) => state === 'ended').length,
    },
    scope: filter.scope,
    chips: chipsOf(filter, names),
    options: {
      severities: incidentSeverity.options.map((value) => ({ value, label: severityWords(value).word })),
      systems: estate.systems.map(({ id, name }) => ({ value: id, label: name })),
      channels: estate.channels.map(({ id, name }) => ({ value: id, label: name })),
    },
    may: { raise: may(viewer.roles, 'incidents.raise') },
  };
}
export type IncidentsView = ReturnType<typeof presentIncidents>;

const chipsOf = ({ severities, systems, channels, text }: IncidentFilter, names: EstateNames): Chip[] => [
  ...severities.map((value) => ({ name: 'severity', value, label: `Severity: ${severityWords(value).word}` })),
  ...systems.map((value) => ({ name: 'system', value, label: `System: ${systemName(names, value)}` })),
  ...channels.map((value) => ({ name: 'channel', value, label: `Channel: ${names.channels[value]?.name ?? value}` })),
  ...(text === '' ? [] : [{ name: 'q', value: text, label: `“${text}”` }]),
];
