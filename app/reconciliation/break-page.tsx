import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Instant, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import { orderPath } from '#app/orders/paths.ts';
import type { BreakView } from '#app/presenters/reconciliation-break.ts';
import { BreakActions } from './break-actions.tsx';
import { Figure } from './figure.tsx';
import { runPath } from './paths.ts';

/** One difference: what each side says and since when, what to do about it, and what was done. */
export function BreakPage({ view }: { view: BreakView }) {
  return (
    <Page
      title={view.what}
      lead={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <StatusMark condition={view.condition} word={view.word} />
          <span>{view.label}</span>
        </span>
      }
    >
      <Notice kind={view.condition === 'bad' ? 'warn' : 'info'} title={view.meaning}>
        {view.remedy}
      </Notice>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,360px)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="What each side says" flush>
            <Sides view={view} />
          </Panel>
          <Panel title="Story" note={view.times === 1 ? 'found once' : `found ${formatNumber(view.times)} times`}>
            <Story view={view} />
          </Panel>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <BreakActions view={view} />
          <Panel title="About">
            <Facts facts={factsOf(view)} />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function Sides({ view }: { view: BreakView }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label="What each side says" className="w-full">
        <thead>
          <tr className="text-left text-label text-muted">
            <th scope="col" className="px-3 py-1.5 font-medium">
              Side
            </th>
            <th scope="col" className="px-3 py-1.5 text-right font-medium">
              Figure
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Read
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium max-sm:hidden">
              References
            </th>
          </tr>
        </thead>
        <tbody>
          {view.sides.map((side) => (
            <tr key={side.name} className="border-t border-line">
              <th scope="row" className="px-3 py-1.5 text-left font-normal">
                {side.name}
              </th>
              <td className="px-3 py-1.5 text-right">
                <Figure value={side.figure} currency={view.currency} />
              </td>
              <td className="px-3 py-1.5">
                <RelativeTime at={side.readAt} />
              </td>
              <td className="px-3 py-1.5 font-mono text-[12px] break-all max-sm:hidden">
                {side.references.join(', ') || <span className="text-muted">–</span>}
              </td>
            </tr>
          ))}
          <tr className="border-t border-line-strong font-medium">
            <th scope="row" className="px-3 py-1.5 text-left font-medium">
              Apart
            </th>
            <td className="px-3 py-1.5 text-right">
              <Figure value={view.difference} currency={view.currency} signed />
            </td>
            <td colSpan={2} className="px-3 py-1.5 font-normal text-muted">
              {view.currency === '' ? 'units; ' : ''}theirs less ours
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Story({ view }: { view: BreakView }) {
  return (
    <ol className="flex flex-col gap-2">
      {view.story.map((event) => (
        <li key={event.id} className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{event.word}</span>
          <RelativeTime at={event.at} className="text-muted" />
          {event.run === '' ? (
            <span className="text-muted">by {event.actor}</span>
          ) : (
            <Link to={runPath(event.run)} className="text-muted hover:text-accent">
              {event.run}
            </Link>
          )}
          {event.run !== '' && event.word !== 'Healed' && (
            <Figure value={event.difference} currency={event.currency} signed />
          )}
          {event.document !== '' && <span className="font-mono text-[12px]">{event.document}</span>}
          {event.note !== '' && <p className="w-full break-words">{event.note}</p>}
        </li>
      ))}
      {view.story.length === 0 && <li className="text-muted">It was found a moment ago.</li>}
    </ol>
  );
}

function factsOf(view: BreakView): (readonly [string, ReactNode])[] {
  const told = (name: string, value: string): (readonly [string, ReactNode])[] => (value === '' ? [] : [[name, value]]);
  return [
    ['Domain', view.domain],
    ['Owner', view.assignee || <span className="text-muted">nobody</span>],
    ['Found first', <Instant key="since" at={view.since} />],
    [
      'Seen last',
      <Link key="last" to={runPath(view.lastRun)} className="hover:text-accent">
        <RelativeTime at={view.seenAt} />
      </Link>,
    ],
    ['Happened', <Instant key="happened" at={view.happenedAt} />],
    ...told('Location', view.place),
    ...told('Channel', view.channel),
    ...told('Legal entity', view.entity),
    ...told('Payment method', view.method),
    ...told('Reference', view.reference),
    ...(view.order === ''
      ? []
      : ([
          [
            'Transaction',
            <Link key="order" to={orderPath(view.order)} className="text-accent hover:underline">
              {view.what}
            </Link>,
          ],
        ] as const)),
    ...told('Closed with', view.document),
    ...told('Reason', view.reason),
  ];
}
