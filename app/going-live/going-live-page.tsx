import { Link } from '@remix-run/react';
import { useState } from 'react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice, StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import type { ConnectorResult } from '#app/commands/connector.ts';
import { formatNumber } from '#app/format.ts';
import type { GoingLiveOfView, PassedOverLine } from '#app/presenters/going-live.ts';
import type { Check } from './checks.ts';
import { ModeMark } from './mode-mark.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { goingLiveOf } from './paths.ts';

const outcomes = {
  would_send: { condition: 'good', word: 'would have been sent' },
  would_stop: { condition: 'bad', word: 'could not have been made' },
  unknown: { condition: 'none', word: 'not known' },
} as const;

const columns: readonly TableColumn<PassedOverLine>[] = [
  {
    id: 'outcome',
    header: 'What would have become of it',
    fixed: true,
    cell: ({ outcome }) => <StatusMark {...outcomes[outcome]} />,
  },
  { id: 'why', header: 'Why', fills: true, wideOnly: true, cell: ({ message }) => message },
  { id: 'code', header: 'Code', wideOnly: true, cell: ({ code }) => code },
  { id: 'calls', header: 'Calls', numeric: true, cell: ({ calls }) => formatNumber(calls) },
  {
    id: 'transactions',
    header: 'Transactions',
    numeric: true,
    wideOnly: true,
    cell: ({ transactions }) => formatNumber(transactions),
  },
  {
    id: 'latest',
    header: 'Latest',
    cell: (row) => (
      <Link to={row.latest} className="text-accent hover:underline">
        <RelativeTime at={row.latestAt} />
      </Link>
    ),
  },
];

/** One system's way to going live: what the facts say, and the switch. */
export function GoingLivePage({ view }: { view: GoingLiveOfView }) {
  const [result, setResult] = useState<ConnectorResult>();
  return (
    <Page
      title={view.name}
      lead={
        <span className="flex flex-wrap gap-x-3">
          <ModeMark live={view.live} />
          <span>{view.role}</span>
        </span>
      }
      actions={view.may.control && <ModeSwitch view={view} onResult={setResult} />}
    >
      {result !== undefined && <Notice kind={result.ok ? 'good' : 'bad'}>{result.message}</Notice>}
      <Decided view={view} />
      <Panel title="Before it goes live" note="as the facts are, not ticked by hand">
        <ul className="flex flex-col gap-3">
          {view.checks.map((check) => (
            <CheckLine key={check.id} check={check} />
          ))}
        </ul>
      </Panel>
      <section aria-label="Calls passed over" className="flex min-w-0 flex-col gap-2">
        <h2 className="font-medium">
          Calls passed over <span className="text-label font-normal text-muted">none of them is sent later</span>
        </h2>
        <DataTable
          label="Calls passed over"
          columns={columns}
          rows={view.passed}
          rowKey={(row) => row.id}
          rowPath={() => goingLiveOf(view.id)}
          empty={
            <StateNotice kind="empty" title="No call was passed over">
              {view.live
                ? 'It is live: what is meant for it is sent.'
                : 'Nothing was to be sent to it since it is only observed.'}
            </StateNotice>
          }
        />
      </section>
    </Page>
  );
}

function Decided({ view }: { view: GoingLiveOfView }) {
  const { decided, live, passedAtSwitch } = view;
  if (decided === undefined) return null;
  return (
    <Notice kind="info" title={`${live ? 'Taken live' : 'Only observed'} by ${decided.by}`}>
      “{decided.reason}”, <RelativeTime at={decided.at} />.
      {live &&
        passedAtSwitch !== null &&
        ` ${formatNumber(passedAtSwitch)} calls had been passed over and are not sent.`}
    </Notice>
  );
}

function CheckLine({ check }: { check: Check }) {
  const { title, condition, word, says, at, to } = check;
  return (
    <li className="grid gap-x-4 sm:grid-cols-[140px_200px_1fr]">
      <span className="font-medium">
        {to === undefined ? (
          title
        ) : (
          <Link to={to} className="text-accent hover:underline">
            {title}
          </Link>
        )}
      </span>
      <StatusMark condition={condition} word={word} />
      <span>
        {says}
        {at !== undefined && (
          <>
            {' '}
            <RelativeTime at={at} />.
          </>
        )}
      </span>
    </li>
  );
}
