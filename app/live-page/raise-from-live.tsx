import { Link } from '@remix-run/react';
import { buttonClass } from '#app/components/button.tsx';
import { useOpenIncidents } from '#app/incidents/open-incidents.tsx';
import { raisePath } from '#app/incidents/paths.ts';
import type { LiveView } from '#app/presenters/live.ts';

/** Causes with most open cases that a new incident begins with: more are rather a reason to look than a link. */
const mostCauses = 3;

/** Raises an incident with what fails now filled in: connectors that are held back, and the causes that stop most orders. */
export function RaiseFromLive({ live }: { live: Pick<LiveView, 'links' | 'groups'> }) {
  const { may } = useOpenIncidents();
  if (!may.raise) return null;
  const connectors = live.links.filter(({ condition }) => condition === 'bad');
  const causes = live.groups.filter(({ open }) => open > 0).sort((a, b) => b.open - a.open);
  const path = raisePath([
    ...connectors.map(({ id }) => ({ kind: 'connector' as const, connector_id: id })),
    ...causes.slice(0, mostCauses).map(({ fingerprint }) => ({ kind: 'cause' as const, fingerprint })),
  ]);
  return (
    <Link to={path} className={buttonClass('secondary')}>
      Raise an incident
    </Link>
  );
}
