import { randomUUID } from 'node:crypto';
import { flow } from '#contracts/v1/step-event.ts';
import { type Incident, type IncidentEvent, incidentId, incidentSeverity, linkKey } from '#contracts/v1/incident.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { linkPath, linkWords } from '#app/incidents/links.ts';
import type { AppContext } from '#app/server/context.ts';
import { flowWords } from '#app/words/flows.ts';
import { entryWords, severityWords } from '#app/words/incidents.ts';
import { estateNames, inWords } from '#app/words/names.ts';
import { readIncidentFigures } from './incident-figures.ts';
import { presentLinks } from './incident-links.ts';
import { presentIncidentLine } from './incidents.ts';

/** What may be said of an incident in its forms. */
export async function presentIncidentChoices({ estate, people }: Pick<AppContext, 'estate' | 'people'>) {
  const named = (all: readonly { id: string; name: string }[]) =>
    all.map(({ id, name }) => ({ value: id, label: name }));
  return {
    severities: incidentSeverity.options.map((value) => ({ value, ...severityWords(value) })),
    systems: named(estate.systems),
    channels: named(estate.channels),
    flows: flow.options.map((value) => ({ value, label: flowWords(value).label })),
    leads: await people.whoMay('incidents.update'),
  };
}
export type IncidentChoices = Awaited<ReturnType<typeof presentIncidentChoices>>;

/** Everything the page of an incident shows. @throws Response 404 where there is no such incident */
export async function presentIncident(context: AppContext, viewer: Viewer, id: string) {
  const known = incidentId.safeParse(id).success ? context.incidents.get(id) : undefined;
  if (known === undefined) throw new Response('There is no such incident.', { status: 404 });
  const names = estateNames(context.estate);
  const timeline = await context.incidents.timeline(id);
  // The stream may be a moment ahead of what this process has heard of.
  const incident = timeline.at(-1)?.state ?? known;
  const now = context.now();
  const [ever, figures, choices] = await Promise.all([
    // Of what was linked once the timeline tells too.
    presentLinks(context, [...everLinked(timeline).values()]),
    incident.ending?.figures ?? readIncidentFigures(context, incident, now),
    presentIncidentChoices(context),
  ]);
  const named = new Map(ever.map((link) => [link.id, link.name]));
  const linked = incident.links.map(linkKey);
  return {
    ...presentIncidentLine(incident, names, now),
    revision: incident.revision,
    // The filter's words are ids.
    said: incident.affected,
    links: ever.filter(({ id }) => linked.includes(id)),
    figures,
    ending: presentEnding(incident),
    timeline: timeline
      .map((event) => ({ ...presentEntry(event, named, names), ending: presentFormerEnding(event, incident) }))
      .reverse(),
    choices,
    viewerId: viewer.email,
    may: {
      update: may(viewer.roles, 'incidents.update'),
      direct: may(viewer.roles, 'incidents.raise'),
      end: may(viewer.roles, 'incidents.end'),
    },
  };
}
export type IncidentView = Awaited<ReturnType<typeof presentIncident>>;

/** The written end, with the figures as they were counted then. */
const presentEnding = ({ ending }: Incident) =>
  ending && {
    ...{ happened: ending.happened, seen: ending.seen, done: ending.done, follows: ending.follows },
    ...{ by: ending.written_by, at: ending.written_at, over: ending.ended_at },
    lastedMs: ending.duration_s * 1_000,
    figures: ending.figures,
  };
export type EndingView = NonNullable<ReturnType<typeof presentEnding>>;

/** What was written at an end that a reopening followed: the page has no other place for it. */
const presentFormerEnding = ({ type, state }: IncidentEvent, now: Incident) =>
  type === 'ended' && state.ending?.written_at !== now.ending?.written_at ? presentEnding(state) : undefined;

/** Everything that was linked at any time, by its key. */
const everLinked = (timeline: readonly IncidentEvent[]) =>
  new Map(
    timeline
      .flatMap(({ link, state }) => [...(link === undefined ? [] : [link]), ...state.links])
      .map((one) => [linkKey(one), one]),
  );

/** One entry: what somebody did, to what, and what they wrote. */
function presentEntry(
  { event_id, type, at, by, text, link, from, to }: IncidentEvent,
  named: ReadonlyMap<string, string>,
  names: ReturnType<typeof estateNames>,
) {
  return {
    id: event_id,
    at,
    by,
    type,
    did: entryWords(type),
    text: type === 'corrected' ? inWords(text, names) : text,
    change: from === undefined || to === undefined ? '' : `${from || 'nobody'} → ${to || 'nobody'}`,
    link: link && {
      path: linkPath(link),
      words: `${linkWords[link.kind].toLowerCase()} ${named.get(linkKey(link)) ?? linkKey(link).replace(/^[a-z]+:/, '')}`,
    },
  };
}
export type IncidentEntry = IncidentView['timeline'][number];

/** The form for a new incident, with what the address says it is about. */
export async function presentNewIncident(context: AppContext, viewer: Viewer, links: IncidentEvent['state']['links']) {
  const [linked, choices] = await Promise.all([presentLinks(context, links), presentIncidentChoices(context)]);
  const systems = links.flatMap((link) => (link.kind === 'connector' ? [link.connector_id] : []));
  return { raiseId: randomUUID(), links: linked, systems, choices, viewerId: viewer.email };
}
export type NewIncidentView = Awaited<ReturnType<typeof presentNewIncident>>;
