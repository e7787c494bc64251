import { Link, useLocation, useSearchParams } from '@remix-run/react';
import { buttonClass } from '#app/components/button.tsx';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import type { IncidentsView } from '#app/presenters/incidents.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { incidentScopes, type IncidentScope } from './filters.ts';
import { IncidentList } from './incident-list.tsx';
import { incidentsPath, raisePath } from './paths.ts';

const words: Record<IncidentScope, string> = { open: 'Open', ended: 'Ended', all: 'All' };

/** What was raised: what is open, and how the rest ended. */
export function IncidentsPage({ view }: { view: IncidentsView }) {
  const { search } = useLocation();
  const { open, ended } = view.counts;
  return (
    <Page
      title="Incidents"
      lead={`${open === 0 ? 'none is open' : `${formatNumber(open)} open`}, ${formatNumber(ended)} ended`}
      actions={
        view.may.raise && (
          <Link to={raisePath()} className={buttonClass('primary')}>
            Raise an incident
          </Link>
        )
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <Scopes view={view} />
        <FindBox label="Find incidents" placeholder="INC-12, a word of its title, who leads…" />
        <FilterMenu name="severity" label="Severity" options={view.options.severities} />
        <FilterMenu name="system" label="System" options={view.options.systems} />
        <FilterMenu name="channel" label="Channel" options={view.options.channels} />
        <span className="ml-auto flex items-center gap-2">
          <ViewsMenu list="incidents" />
          <CsvLink to={`/incidents/export.csv${search}`} />
        </span>
      </div>
      <Chips chips={view.chips} />
      <IncidentList view={view} />
    </Page>
  );
}

/** Open, ended or all; the other filters stay. */
function Scopes({ view }: { view: IncidentsView }) {
  const [search] = useSearchParams();
  const to = (scope: IncidentScope) => {
    const next = new URLSearchParams(search);
    next.delete('page');
    if (scope === 'all') next.delete('state');
    else next.set('state', scope);
    return `${incidentsPath}?${next.toString()}`;
  };
  return (
    <nav aria-label="Which incidents" className="flex gap-3 pr-2">
      {incidentScopes.map((scope) => (
        <Link
          key={scope}
          to={to(scope)}
          aria-current={scope === view.scope ? 'page' : undefined}
          className={
            scope === view.scope
              ? 'inline-flex min-h-6 items-center font-medium text-accent'
              : 'inline-flex min-h-6 items-center text-muted hover:text-text'
          }
        >
          {words[scope]} {formatNumber(view.counts[scope])}
        </Link>
      ))}
    </nav>
  );
}
