import { Link } from '@remix-run/react';
import { TrendMark } from '#app/cases/trend-mark.tsx';
import { Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import type { LiveView } from '#app/presenters/live.ts';

/** Failure groups that opened a case in the window, the newest group first. */
export function FailureFeed({
  groups,
  muted,
  windowWords,
}: {
  groups: LiveView['groups'];
  /** Muted causes with open cases: not listed, but not silent either. */
  muted: number;
  windowWords: string;
}) {
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
                  {group.open > 0 && <Money {...group.value} whole />}
                  <span className="ml-auto">
                    <RelativeTime at={group.firstAt} />
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
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
