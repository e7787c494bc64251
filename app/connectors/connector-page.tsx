import { useState } from 'react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice, StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber, formatRate } from '#app/format.ts';
import { MakePartOf, PartOf } from '#app/incidents/part-of.tsx';
import type { ConnectorResult } from '#app/commands/connector.ts';
import type { ConnectorView, StepCalls } from '#app/presenters/connectors.ts';
import { CallTime, SuccessShare } from './call-figures.tsx';
import { connectorPath } from './paths.ts';
import { Limits } from './limits.tsx';
import { ConnectorSwitch } from './connector-switch.tsx';
import { PlannedWindows } from './planned-windows.tsx';
import { WarningsPanel } from './warnings-panel.tsx';

const steps: readonly TableColumn<StepCalls>[] = [
  { id: 'step', header: 'Step', fixed: true, fills: true, cell: (row) => row.step },
  { id: 'calls', header: 'Calls', numeric: true, cell: (row) => formatNumber(row.calls) },
  {
    id: 'success',
    header: 'Success',
    about: figures.callSuccess,
    numeric: true,
    cell: (row) => <SuccessShare success={row.success} />,
  },
  { id: 'p50', header: 'p50', numeric: true, wideOnly: true, cell: (row) => <CallTime ms={row.p50} /> },
  { id: 'p95', header: 'p95', about: figures.callTime, numeric: true, cell: (row) => <CallTime ms={row.p95} /> },
];

/** One connector: its breaker, what waits for it, how its calls do, and the switch that pauses it. */
export function ConnectorPage({ view }: { view: ConnectorView }) {
  const [result, setResult] = useState<ConnectorResult>();
  const link = { kind: 'connector', connector_id: view.id } as const;
  return (
    <Page
      title={view.name}
      lead={
        <span className="flex flex-wrap gap-x-3">
          <StatusMark condition={view.condition} word={view.word} />
          <span>
            {view.role}, {view.kind}
          </span>
          <PartOf link={link} />
        </span>
      }
      actions={
        <>
          <MakePartOf link={link} />
          {view.may.control && <ConnectorSwitch view={view} onResult={setResult} />}
        </>
      }
    >
      {result !== undefined && <Notice kind={result.ok ? 'good' : 'bad'}>{result.message}</Notice>}
      <Paused view={view} />
      <WarningsPanel warnings={view.warnings} />
      <div className="grid gap-4 lg:grid-cols-2">
        <NowPanel view={view} />
        <Limits view={view} />
      </div>
      <PlannedWindows view={view} onResult={setResult} />
      <section aria-label="Calls" className="flex min-w-0 flex-col gap-2">
        <h2 className="font-medium">
          Calls by step <span className="text-label font-normal text-muted">ended in {view.within}</span>
        </h2>
        <DataTable
          label="Calls by step"
          columns={steps}
          rows={view.steps}
          rowKey={(row) => row.id}
          rowPath={() => connectorPath(view.id)}
          empty={
            <StateNotice kind="empty" title={`No call ended in ${view.within}`}>
              Choose a longer time, or look whether anything is meant for it.
            </StateNotice>
          }
        />
      </section>
    </Page>
  );
}

/** Who paused or drains it, when and why: whoever wonders what the backlog waits for reads it first. */
function Paused({ view }: { view: ConnectorView }) {
  if (view.switch === undefined || view.standing === 'open') return null;
  const { by, reason, at } = view.switch;
  if (view.standing === 'draining')
    return (
      <Notice kind="info" title={`Drained by ${by}`}>
        “{reason}”, <RelativeTime at={at} />. What was on its queue then is sent; after that it is paused. What comes
        meanwhile waits.
      </Notice>
    );
  return (
    <Notice kind="warn" title={`Paused by ${by}`}>
      “{reason}”, <RelativeTime at={at} />. Nothing is sent to it; what is meant for it waits and goes on once it is
      resumed.
    </Notice>
  );
}

function NowPanel({ view }: { view: ConnectorView }) {
  const said = (value: string) => (view.known ? value : <span className="text-muted">–</span>);
  return (
    <Panel title="Now" note={view.known ? 'as the engine last said' : 'the engine has not said anything for a minute'}>
      <Facts
        facts={[
          [
            'Backlog',
            <span key="b" title={figures.connectorBacklog.definition}>
              {said(`${formatNumber(view.backlog)} ${view.backlog === 1 ? 'message' : 'messages'}`)}
            </span>,
          ],
          ['Pending', said(formatNumber(view.pending))],
          ['In flight', said(formatNumber(view.inFlight))],
          ['Retries waiting', said(formatNumber(view.waiting))],
          ['Next retry', <RelativeTime key="n" at={view.nextDueAt} />],
          ['Oldest', <RelativeTime key="o" at={view.oldestAt} />],
          [
            'Calls',
            <span key="r" title={figures.connectorRate.definition}>
              {said(`${formatRate(view.ratePerS)} a second`)}
            </span>,
          ],
          [
            'Success',
            <span key="s" title={figures.callSuccess.definition}>
              <SuccessShare success={view.success} /> of {formatNumber(view.calls)} calls in {view.within}
            </span>,
          ],
          [
            'Time of calls, p95',
            <span key="t" title={figures.callTime.definition}>
              <CallTime ms={view.p95} />
            </span>,
          ],
          ...(view.standing === 'open' && view.switch !== undefined && view.switch.reason !== ''
            ? ([
                [
                  'Resumed by',
                  <span key="u">
                    {view.switch.by}, <RelativeTime at={view.switch.at} />
                    {`: “${view.switch.reason}”`}
                  </span>,
                ],
              ] as const)
            : []),
        ]}
      />
    </Panel>
  );
}
