import type { ReactNode } from 'react';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, Instant, Money, RelativeTime } from '#app/components/values.tsx';
import { type FigureDefinition, figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import type { IncidentView } from '#app/presenters/incident-page.ts';
import { Account } from './account.tsx';
import { IncidentActions } from './incident-actions.tsx';
import { LinkedPanel } from './linked-panel.tsx';
import { ForSoLong, SoFar } from './so-far.tsx';
import { Timeline } from './timeline.tsx';

/** One incident: what it is, what hangs on it, what people did, and how it ended. */
export function IncidentPage({ view }: { view: IncidentView }) {
  const open = view.state === 'open';
  return (
    <Page
      title={view.title}
      lead={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-medium text-text">{view.id}</span>
          <StatusMark condition={view.mark.condition} word={view.mark.word} />
          {open ? <ForSoLong since={view.since} /> : <StatusMark condition="good" word="ended" />}
        </span>
      }
      actions={<IncidentActions view={view} />}
    >
      <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_360px]">
        {/* On a phone what it is comes first, and what hangs on it after what people did. */}
        <div className="flex min-w-0 flex-col gap-4 max-md:order-1">
          <WrittenEnd view={view} />
          <Timeline view={view} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-md:contents">
          <Panel title="What it is">
            <Facts
              facts={[
                ['Lead', view.lead || <span className="text-muted">nobody yet</span>],
                ['Affected', view.affected.join(', ') || <span className="text-muted">not known yet</span>],
                ['Began', <Instant key="b" at={view.since} />],
                ...(open ? [] : ([['Over', <Instant key="o" at={view.endedAt} />]] as const)),
                ['Raised by', view.raisedBy],
              ]}
            />
          </Panel>
          <div className="flex min-w-0 flex-col gap-4 max-md:order-2">
            <Figures view={view} />
            <LinkedPanel view={view} />
          </div>
        </div>
      </div>
    </Page>
  );
}

const defined = (figure: FigureDefinition, value: ReactNode) =>
  [
    figure.name,
    <span key={figure.name} title={figure.definition}>
      {value}
    </span>,
  ] as const;

/** How much hangs on it: now while it is open, afterwards as it was counted at its end. */
function Figures({ view }: { view: IncidentView }) {
  const { cases, open_cases, orders, value, at_risk, counted_at } = view.figures;
  return (
    <Panel
      title="Figures"
      note={
        view.state === 'open' ? (
          'so far'
        ) : (
          <>
            as counted <RelativeTime at={counted_at} />
          </>
        )
      }
    >
      <Facts
        facts={[
          defined(
            figures.incidentDuration,
            view.state === 'open' ? <SoFar since={view.since} /> : <Duration ms={view.lastedMs} />,
          ),
          defined(figures.incidentCases, formatNumber(cases)),
          defined(figures.incidentOpenCases, formatNumber(open_cases)),
          defined(figures.incidentOrders, formatNumber(orders)),
          defined(figures.incidentValue, <Money {...value} whole />),
          defined(figures.incidentAtRisk, <Money {...at_risk} whole />),
        ]}
      />
    </Panel>
  );
}

/** The written end, by whoever ended it. */
function WrittenEnd({ view: { ending } }: { view: IncidentView }) {
  if (ending === undefined) return null;
  return (
    <Panel
      title="How it ended"
      note={
        <>
          {ending.by}, <RelativeTime at={ending.at} />
        </>
      }
    >
      <Account ending={ending} />
    </Panel>
  );
}
