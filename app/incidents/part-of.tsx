import { Link, useFetcher } from '@remix-run/react';
import { type IncidentLink, linkKey } from '#contracts/v1/incident.ts';
import { Button, buttonClass } from '#app/components/button.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import type { IncidentResult } from '#app/commands/incident.ts';
import type { OpenIncident } from '#app/presenters/incidents.ts';
import { useOpenIncidents } from './open-incidents.tsx';
import { incidentPath, raisePath } from './paths.ts';

/** The open incidents that something belongs to. */
export function PartOf({ link }: { link: IncidentLink }) {
  const key = linkKey(link);
  const its = useOpenIncidents().incidents.filter(({ links }) => links.includes(key));
  return its.map(({ id, condition, word }) => (
    <Link key={id} to={incidentPath(id)} className="hover:underline">
      <StatusMark condition={condition} word={`part of ${id}, ${word}`} />
    </Link>
  ));
}

/** Makes something part of an incident: of one that is open, or of a new one. */
export function MakePartOf({ link }: { link: IncidentLink }) {
  const { incidents, may } = useOpenIncidents();
  const key = linkKey(link);
  if (incidents.some(({ links }) => links.includes(key))) return null;
  return (
    <>
      {may.update && incidents.slice(0, 2).map((incident) => <LinkTo key={incident.id} {...{ incident, link: key }} />)}
      {may.raise && (
        <Link to={raisePath([link])} className={buttonClass('secondary')}>
          Raise an incident
        </Link>
      )}
    </>
  );
}

function LinkTo({ incident, link }: { incident: OpenIncident; link: string }) {
  const fetcher = useFetcher<IncidentResult>({ key: `link:${incident.id}:${link}` });
  const { state, data } = fetcher;
  return (
    <fetcher.Form method="post" action={incidentPath(incident.id)} title={incident.title}>
      <input type="hidden" name="intent" value="link" />
      <input type="hidden" name="revision" value={incident.revision} />
      <input type="hidden" name="what" value={link} />
      <Button type="submit" look="secondary" busy={state !== 'idle'}>
        Link to {incident.id}
      </Button>
      {state === 'idle' && data?.ok === false && <Notice kind="bad">{data.message}</Notice>}
    </fetcher.Form>
  );
}
