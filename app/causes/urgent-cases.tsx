import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { CountdownMark } from '#app/components/countdown.tsx';
import { Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import { casePath } from '#app/orders/paths.ts';
import type { CausePageView } from '#app/presenters/cause-page.ts';
import { caseStatusWords } from '#app/words/cases.ts';
import { causeCasesPath } from './paths.ts';

/** The open cases of a cause that are due first, and the way to all of them. */
export function UrgentCases({ view, className }: { view: CausePageView; className: string }) {
  const { urgent, open, fingerprint } = view;
  const some = open > urgent.length;
  return (
    <Panel
      title={some ? 'Most urgent cases' : 'Open cases'}
      flush
      className={className}
      actions={
        some && (
          <Link to={causeCasesPath(fingerprint)} className="text-accent hover:underline">
            All {formatNumber(open)}
          </Link>
        )
      }
    >
      {urgent.length === 0 ? (
        <StateNotice kind="empty" title="No case of this cause is open">
          All were resolved, done outside or discarded. They are kept with their history.
        </StateNotice>
      ) : (
        <ul>
          {urgent.map((row) => (
            <li key={row.id} className="border-b border-line last:border-0">
              <Link
                to={casePath(row.id)}
                prefetch="intent"
                className="grid min-h-9 grid-cols-[1fr_auto] items-center gap-x-4 px-3 py-1.5 hover:bg-hover sm:flex sm:py-1"
              >
                <span className="truncate sm:w-24 font-mono text-[12px]">{row.number}</span>
                <span className="sm:w-40">
                  <CountdownMark deadline={row.deadline} />
                </span>
                <span className="sm:w-28 sm:text-right">
                  <Money amount={row.amount} currency={row.currency} />
                </span>
                <span className="sm:w-32">
                  <StatusMark {...caseStatusWords(row.status)} />
                </span>
                <span className={clsx('min-w-0 truncate text-muted', row.assignee === '' && 'max-sm:hidden')}>
                  {row.assignee || 'unassigned'}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
