import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { StatusMark, type Condition } from '#app/components/status-mark.tsx';
import type { OpenIncident } from '#app/presenters/incidents.ts';
import { useOpenIncidents } from './open-incidents.tsx';
import { incidentPath, incidentsPath } from './paths.ts';
import { ForSoLong } from './so-far.tsx';

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
    <aside
      aria-label="Open incidents"
      // On a phone upon the bar of places, which has a line above it and, on some, the room of a gesture below.
      className="sticky bottom-0 z-20 max-sm:bottom-[calc(57px+env(safe-area-inset-bottom))]"
    >
      <div
        data-banner={worst && ''}
        className={clsx(
          worst !== undefined && [
            'flex h-9 items-center gap-3 border-t-2 px-3 whitespace-nowrap max-sm:gap-2 sm:px-4',
            grounds[worst.condition],
          ],
        )}
      >
        {/* There before it tells anything, and without the clock: what ticks would be read out again and again. */}
        <div role="status" className="flex h-full min-w-0 items-center gap-3 max-sm:gap-2">
          {worst !== undefined && (
            <>
              <StatusMark condition={worst.condition} word={worst.word} className="font-semibold" />
              <Link
                to={incidentPath(worst.id)}
                prefetch="intent"
                className="flex h-full min-w-0 items-center gap-2 hover:underline"
              >
                <span className="font-medium">{worst.id}</span>
                <span className="truncate">{worst.title}</span>
              </Link>
            </>
          )}
        </div>
        {worst !== undefined && <Beside incident={worst} others={others.length} />}
      </div>
    </aside>
  );
}

/** For how long, who leads, and the way to the others. */
function Beside({ incident: { since, lead }, others }: { incident: OpenIncident; others: number }) {
  return (
    <>
      <span className="max-sm:hidden">
        <ForSoLong since={since} />
      </span>
      <span className="truncate max-md:hidden">{lead === '' ? 'nobody leads' : `led by ${lead}`}</span>
      {others > 0 && (
        <Link
          to={`${incidentsPath}?state=open`}
          className="ml-auto flex h-full items-center font-medium hover:underline"
        >
          <span className="max-sm:sr-only">and&nbsp;</span>
          <span aria-hidden className="sm:hidden">
            +
          </span>
          {others}
          <span className="max-sm:sr-only">&nbsp;more</span>
        </Link>
      )}
    </>
  );
}
