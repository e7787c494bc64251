import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { useClock } from '#app/components/clock.tsx';
import { StatusMark, type Condition } from '#app/components/status-mark.tsx';
import { formatRough } from '#app/format.ts';
import { useOpenIncidents } from './open-incidents.tsx';
import { incidentPath, incidentsPath } from './paths.ts';

const grounds: Record<Condition, string> = {
  bad: 'border-bad bg-bad-soft',
  warn: 'border-warn bg-warn-soft',
  info: 'border-info bg-info-soft',
  good: 'border-line bg-raised',
  none: 'border-line bg-raised',
};

/**
 * The worst open incident, at the lower edge of every page for everybody. It comes and goes at the end of the page's
 * column, so that nothing above it moves; `--banner` tells bars that stick there too how high it is.
 */
export function IncidentBanner() {
  const { incidents } = useOpenIncidents();
  const [worst, ...others] = incidents;
  return (
    <aside aria-label="Open incidents" aria-live="polite" className="sticky bottom-0 z-20 max-sm:bottom-14">
      {worst !== undefined && (
        <div
          data-banner
          className={clsx(
            'flex h-9 items-center gap-3 border-t-2 px-3 whitespace-nowrap max-sm:gap-2 sm:px-4',
            grounds[worst.condition],
          )}
        >
          <StatusMark condition={worst.condition} word={worst.word} className="font-semibold" />
          <Link
            to={incidentPath(worst.id)}
            prefetch="intent"
            className="flex h-full min-w-0 items-center gap-2 hover:underline"
          >
            <span className="font-medium">{worst.id}</span>
            <span className="truncate">{worst.title}</span>
          </Link>
          <span className="max-sm:hidden">
            <ForSoLong since={worst.since} />
          </span>
          <span className="truncate max-md:hidden">{worst.lead === '' ? 'nobody leads' : `led by ${worst.lead}`}</span>
          {others.length > 0 && (
            <Link
              to={`${incidentsPath}?state=open`}
              className="ml-auto flex h-full items-center font-medium hover:underline"
            >
              <span className="max-sm:sr-only">and&nbsp;</span>
              <span aria-hidden className="sm:hidden">
                +
              </span>
              {others.length}
              <span className="max-sm:sr-only">&nbsp;more</span>
            </Link>
          )}
        </div>
      )}
    </aside>
  );
}

/** "for 12 min", counted on. */
export function ForSoLong({ since }: { since: string }) {
  const { now } = useClock();
  return <span suppressHydrationWarning>for {formatRough(Math.max(0, now - Date.parse(since)))}</span>;
}
