import { Form, Link, useNavigation } from '@remix-run/react';
import { useState } from 'react';
import { Button, buttonClass } from '#app/components/button.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import type { IncidentResult } from '#app/commands/incident.ts';
import type { NewIncidentView } from '#app/presenters/incident-page.ts';
import { DescribedFields } from './described-fields.tsx';
import { incidentsPath } from './paths.ts';
import { LeadField, SeverityField } from './severity-field.tsx';

/** Raises an incident: what is wrong, how bad, who leads, and what it hangs together with. */
export function RaisePage({ view, result }: { view: NewIncidentView; result: IncidentResult | undefined }) {
  const busy = useNavigation().state !== 'idle';
  // The form's own, also where it is sent again after an answer that did not come.
  const [raiseId] = useState(view.raiseId);
  return (
    <Page title="Raise an incident" lead="Everybody sees it on every page until somebody ends it.">
      <Panel title="The incident" className="max-w-3xl">
        <Form method="post" className="flex flex-col gap-4">
          <input type="hidden" name="raise_id" value={raiseId} />
          <DescribedFields
            choices={view.choices}
            title=""
            since=""
            affected={{ systems: view.systems, channels: [], flows: [] }}
          >
            <SeverityField choices={view.choices.severities} chosen="" />
          </DescribedFields>
          <LeadField leads={view.choices.leads} lead={view.viewerId} />
          <TextArea
            label="What is known so far (optional)"
            name="text"
            maxLength={4000}
            placeholder="What was seen first, what has been tried, whom it hits."
          />
          <Linked view={view} />
          {result?.ok === false && !busy && <Notice kind="bad">{result.message}</Notice>}
          <div className="flex justify-end gap-2">
            <Link to={incidentsPath} className={buttonClass('quiet')}>
              Leave it
            </Link>
            <Button type="submit" look="primary" busy={busy}>
              Raise it
            </Button>
          </div>
        </Form>
      </Panel>
    </Page>
  );
}

/** What it is linked to from the beginning; each may be left out. */
function Linked({ view: { links } }: { view: NewIncidentView }) {
  if (links.length === 0)
    return <p className="text-muted">Causes, connectors, cases and orders can be linked once it is raised.</p>;
  return (
    <fieldset>
      <legend className="text-label text-muted">Linked to it</legend>
      {links.map(({ id, kind, name, state, note }) => (
        <label key={id} className="flex min-h-8 flex-wrap items-baseline gap-x-2 max-sm:min-h-10">
          <input type="checkbox" name="link" value={id} defaultChecked className="translate-y-0.5 accent-accent" />
          <span className="text-muted">{kind}</span>
          <span className="min-w-0 break-words">{name}</span>
          {state !== undefined && <StatusMark {...state} />}
          <span className="text-label text-muted">{note}</span>
        </label>
      ))}
    </fieldset>
  );
}
