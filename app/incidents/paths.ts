import { type IncidentLink, linkKey } from '#contracts/v1/incident.ts';

export const incidentsPath = '/incidents';
/** Address of an incident's page, where it is changed too. */
export const incidentPath = (id: string): string => `${incidentsPath}/${encodeURIComponent(id)}`;
/** Where an incident is raised, with what it is about filled in. */
export const raisePath = (links: readonly IncidentLink[] = []): string => {
  const search = new URLSearchParams(links.map((link) => ['link', linkKey(link)]));
  return links.length === 0 ? `${incidentsPath}/new` : `${incidentsPath}/new?${search.toString()}`;
};
/** Rows of a page of the list. */
export const incidentPageSize = 50;
