import { Link, useSearchParams } from '@remix-run/react';
import { TrendMark } from '#app/cases/trend-mark.tsx';
import { Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import type { LiveView } from '#app/presenters/live.ts';
import { missingOrdersPath } from '#app/reconciliation/paths.ts';
import { rejectedPath } from '#app/rejected/paths.ts';
import { rangeSearch } from '#app/time-range.ts';

/** Failure groups that opened a case in the window, the newest group first. */
export function FailureFeed({
  groups,
  muted,
  neverArrived,
  rejected,
  rates,
  windowWords,
}: {
  groups: LiveView['groups'];
  /** Muted causes with open cases: not listed, but not silent either. */
  muted: number;
  /** Orders that channels list and that are not here: no case tells of them. */
  neverArrived: LiveView['neverArrived'];
  /** Events that ingest could not count within the window; 0 for whom they do not concern. */
  rejected: number;
  rates: string;
  windowWords: string;
}) {
  const [search] = useSearchParams();
  return (
    <Panel title="New failures" note={`groups with a case opened in ${windowWords}`} flush className="flex flex-col">
      {groups.length === 0 ? (
        <StateNotice kind="empty" title="No failures in this window">
          A group appears here as soon as an order stops for a cause.
        </StateNotice>
      ) : (
        <ul className="max-h-[440px] overflow-auto">
          {groups.map((group) => (
            <li key={group.fingerprint} className="border-b border-line last:border-0">
              <Link
                to={`/quarantine?group=${encodeURIComponent(group.fingerprint)}`}
                className="block px-3 py-2 hover:bg-hover"
              >
                <span className="line-clamp-2">{group.message}</span>
                <span className="mt-0.5 flex flex-wrap gap-x-2 text-label text-muted">
                  {group.open === 0 ? (
                    <StatusMark condition="good" word="cleared" />
                  ) : (
                    <>
                      <TrendMark trend={group.trend} />
                      <span>{group.open} open</span>
                    </>
                  )}
                  <span>{group.where}</span>
                  {group.open > 0 && (
                    <span title={rates}>
                      <Money {...group.value} whole />
                    </span>
                  )}
                  <span className="ml-auto">
                    <RelativeTime at={group.firstAt} />
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {neverArrived.orders > 0 && (
        <Link
          to={missingOrdersPath}
          title={`${figures.missingOrders.definition} ${rates}`}
          className="flex items-baseline justify-between gap-2 border-t border-line px-3 py-2 hover:bg-hover"
        >
          <StatusMark
            condition="bad"
            word={`${formatNumber(neverArrived.orders)} ${neverArrived.orders === 1 ? 'order' : 'orders'} never arrived`}
          />
          <Money {...neverArrived.value} whole />
        </Link>
      )}
      {rejected > 0 && (
        <Link
          to={`${rejectedPath}${rangeSearch(search)}`}
          className="block border-t border-line px-3 py-2 hover:bg-hover"
        >
          <StatusMark
            condition="warn"
            word={`ingest rejected ${formatNumber(rejected)} ${rejected === 1 ? 'event' : 'events'}`}
          />
        </Link>
      )}
      {muted > 0 && (
        <Link
          to="/quarantine?by=cause&muted=only"
          className="block border-t border-line px-3 py-2 text-muted hover:bg-hover"
        >
          <StatusMark condition="none" word={`${muted} muted ${muted === 1 ? 'cause is' : 'causes are'} not listed`} />
        </Link>
      )}
    </Panel>
  );
}
