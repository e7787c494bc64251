import { clsx } from 'clsx';
import { Link } from '@remix-run/react';
import type { Condition } from '#app/components/status-mark.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { formatNumber } from '#app/format.ts';
import type { RepairRunView } from '#app/presenters/repair-runs.ts';
import { repairOutcomeWords } from '#app/words/repair-runs.ts';
import { repairPath } from './paths.ts';

const grounds: Record<Condition, string> = {
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  info: 'bg-info',
  none: 'bg-line-strong',
};

/** How the cases stand, as one bar and in words; each outcome leads to its cases. */
export function RunProgress({ view }: { view: RepairRunView }) {
  const settled = view.counts
    .filter(
      ({ outcome }) =>
        !['pending', 'would_cure', 'cannot_know', 'replaying', 'awaits_approval', 'held'].includes(outcome),
    )
    .reduce((sum, { cases }) => sum + cases, 0);
  return (
    <section aria-label="Progress" className="flex flex-col gap-2">
      <div
        role="progressbar"
        aria-label="Cases settled"
        aria-valuemin={0}
        aria-valuemax={view.items}
        aria-valuenow={settled}
        aria-valuetext={`${formatNumber(settled)} of ${formatNumber(view.items)} settled`}
        className="flex h-2 overflow-hidden rounded bg-sunken"
      >
        {view.counts.map(({ outcome, cases }) => (
          <span
            key={outcome}
            className={clsx(grounds[repairOutcomeWords(outcome).condition], 'border-r border-raised last:border-r-0')}
            style={{ width: `${(cases / Math.max(1, view.items)) * 100}%` }}
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {view.counts.map(({ outcome, cases }) => (
          <li key={outcome}>
            <Link
              to={`${repairPath(view.id)}?outcome=${outcome}`}
              preventScrollReset
              className="inline-flex items-baseline gap-1.5 hover:underline"
            >
              <span className="font-medium tabular-nums">{formatNumber(cases)}</span>
              <StatusMark {...repairOutcomeWords(outcome)} />
            </Link>
          </li>
        ))}
        <li className="ml-auto text-muted tabular-nums">{formatNumber(view.items)} in all</li>
      </ul>
    </section>
  );
}
