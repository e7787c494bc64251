import { TextArea } from '#app/components/field.tsx';
import { Money } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { IncidentView } from '#app/presenters/incident-page.ts';
import { DescribedFields, TimeField } from './described-fields.tsx';
import { IncidentDialog } from './incident-dialog.tsx';
import { LeadField, SeverityField } from './severity-field.tsx';

/** What may be decided about an incident as it stands. The server checks again who may, and whether it makes sense. */
export function IncidentActions({ view }: { view: IncidentView }) {
  const open = view.state === 'open';
  const directs = view.may.direct && open;
  return (
    <>
      <IncidentDialog
        view={view}
        intent="severity"
        offered={directs}
        words={{ button: 'Severity', title: 'How severe is it now?', confirm: 'Change the severity' }}
      >
        <SeverityField choices={view.choices.severities} chosen={view.severity} />
        <TextArea label="Why" name="text" required maxLength={4000} rows={2} />
      </IncidentDialog>
      <IncidentDialog
        view={view}
        intent="lead"
        offered={directs}
        words={{ button: 'Lead', title: 'Who leads?', confirm: 'Change the lead' }}
      >
        <LeadField leads={view.choices.leads} lead={view.lead === '' ? view.viewerId : view.lead} />
      </IncidentDialog>
      <IncidentDialog
        view={view}
        intent="correct"
        offered={directs}
        words={{ button: 'Correct', title: 'What is it, and since when?', confirm: 'Correct it' }}
      >
        <DescribedFields choices={view.choices} title={view.title} since={view.since} affected={view.said} />
      </IncidentDialog>
      <End view={view} offered={view.may.end && open} />
      <IncidentDialog
        view={view}
        intent="reopen"
        offered={view.may.end && !open}
        words={{ button: 'Reopen', title: 'Reopen this incident?', confirm: 'Reopen it' }}
      >
        <p>It stands on every page again. Its written end stays on the timeline; the next end is written anew.</p>
        <TextArea label="Why" name="text" required maxLength={4000} autoFocus />
      </IncidentDialog>
    </>
  );
}

function End({ view, offered }: { view: IncidentView; offered: boolean }) {
  const { figures } = view;
  return (
    <IncidentDialog
      view={view}
      intent="end"
      offered={offered}
      look="primary"
      wide
      words={{ button: 'End it', title: 'End this incident', confirm: 'End it' }}
    >
      <TextArea label="What happened, and why" name="happened" required maxLength={4000} rows={2} autoFocus />
      <TextArea label="What customers and stores saw of it" name="seen" required maxLength={4000} rows={2} />
      <TextArea label="What was done" name="done" required maxLength={4000} rows={2} />
      <TextArea
        label="What follows, so that it does not come again, and who does it"
        name="follows"
        required
        maxLength={4000}
        rows={2}
      />
      <TimeField name="ended_at" label="Over since (your time)" at="" note="Empty: now." />
      <p className="text-muted">
        It ends with its figures, counted again at that moment. Now: {formatNumber(figures.cases)}{' '}
        {figures.cases === 1 ? 'case' : 'cases'}, {formatNumber(figures.open_cases)} of them open,{' '}
        {formatNumber(figures.orders)} {figures.orders === 1 ? 'order' : 'orders'} worth{' '}
        <Money {...figures.value} whole />, of which <Money {...figures.at_risk} whole /> at risk.
      </p>
    </IncidentDialog>
  );
}
