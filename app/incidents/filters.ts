import { readListAddress } from '#app/components/table-address.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { type Incident, incidentSeverity, type IncidentSeverity } from '#contracts/v1/incident.ts';

export const incidentScopes = ['open', 'ended', 'all'] as const;
export type IncidentScope = (typeof incidentScopes)[number];
export const incidentSorts = ['number', 'since', 'updated', 'severity', 'duration'] as const;

export interface IncidentFilter {
  scope: IncidentScope;
  severities: IncidentSeverity[];
  systems: string[];
  channels: string[];
  /** Lower case, part of the id, the title or the lead; empty for all. */
  text: string;
}

/** The filters of an address; without a scope all incidents. What the estate does not have is passed over. */
export function readIncidentFilter(
  search: URLSearchParams,
  estate: Pick<Estate, 'systems' | 'channels'>,
): IncidentFilter {
  const known = (name: string, from: readonly { id: string }[]) =>
    [...new Set(search.getAll(name))].filter((value) => from.some(({ id }) => id === value));
  return {
    scope: incidentScopes.find((one) => one === search.get('state')) ?? 'all',
    severities: incidentSeverity.options.filter((one) => search.getAll('severity').includes(one)),
    systems: known('system', estate.systems),
    channels: known('channel', estate.channels),
    text: (search.get('q') ?? '').trim().toLowerCase().slice(0, 200),
  };
}

/** Whether a filter lets an incident pass. */
export function passes(incident: Incident, filter: IncidentFilter): boolean {
  const { scope, severities, systems, channels, text } = filter;
  const some = (wanted: readonly string[], got: readonly string[]) =>
    wanted.length === 0 || wanted.some((one) => got.includes(one));
  return (
    (scope === 'all' || incident.state === scope) &&
    some(severities, [incident.severity]) &&
    some(systems, incident.affected.systems) &&
    some(channels, incident.affected.channels) &&
    [incident.incident_id, incident.title, incident.lead].some((one) => one.toLowerCase().includes(text))
  );
}

/** How long it lasted, or has lasted until now, in milliseconds. */
export const lastedMs = ({ since, ending }: Pick<Incident, 'since' | 'ending'>, now: Date): number =>
  Math.max(0, (ending === undefined ? now.getTime() : Date.parse(ending.ended_at)) - Date.parse(since));

const measures: Record<(typeof incidentSorts)[number], (incident: Incident, now: Date) => number> = {
  number: ({ incident_id }) => Number(incident_id.replace('INC-', '')),
  since: ({ since }) => Date.parse(since),
  updated: ({ updated_at }) => Date.parse(updated_at),
  severity: ({ severity }) => incidentSeverity.options.indexOf(severity),
  duration: lastedMs,
};

/** Incidents in the order of an address; the newest first where it names none. Equals keep the newest first. */
export function ordered(incidents: readonly Incident[], search: URLSearchParams, now: Date): Incident[] {
  const { sort } = readListAddress(search, incidentSorts, { id: 'number', descending: true });
  const measure = measures[incidentSorts.find((one) => one === sort?.id) ?? 'number'];
  const sign = sort?.descending === false ? 1 : -1;
  return [...incidents].sort(
    (a, b) => sign * (measure(a, now) - measure(b, now)) || measures.number(b, now) - measures.number(a, now),
  );
}

/** Those that everybody is to know of: open, the worst first, then the newest. */
export const openOnes = (incidents: readonly Incident[]): Incident[] =>
  incidents
    .filter(({ state }) => state === 'open')
    .sort(
      (a, b) =>
        incidentSeverity.options.indexOf(b.severity) - incidentSeverity.options.indexOf(a.severity) ||
        Date.parse(b.raised_at) - Date.parse(a.raised_at),
    );
