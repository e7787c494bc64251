import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { Panel } from '#app/components/page.tsx';
import { connectorPath } from '#app/connectors/paths.ts';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { ConnectorRow } from '#app/presenters/live-connectors.ts';

/** Backlog by connector: what is pending, in flight and waiting for a retry, and since when; largest first. */
export function Backlog({ connectors }: { connectors: readonly ConnectorRow[] }) {
  const rows = [...connectors].sort((a, b) => b.backlog - a.backlog);
  const most = Math.max(1, ...rows.map((row) => row.backlog));
  const head = 'h-8 px-2 sm:px-2.5 text-label font-medium text-muted';
  return (
    <Panel title="Backlog by connector" note="messages, now" flush>
      <div id="backlog" className="scroll-mt-16 overflow-x-auto">
        <table className="w-full" aria-label="Backlog by connector">
          <thead>
            <tr className="border-b border-line">
              <th className={clsx(head, 'text-left')}>Connector</th>
              <th className={clsx(head, 'text-left')}>State</th>
              <th className={clsx(head, 'text-right max-md:hidden')}>Pending</th>
              <th className={clsx(head, 'text-right max-md:hidden')}>In flight</th>
              <th className={clsx(head, 'text-right max-md:hidden')}>Waiting</th>
              <th className={clsx(head, 'text-right')}>Backlog</th>
              <th className={clsx(head, 'text-right')}>Oldest</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id} className="h-8 border-b border-line last:border-0">
                <td className="max-w-32 truncate px-2 sm:max-w-56 sm:px-2.5">
                  <Link to={connectorPath(row.id)} className="hover:underline">
                    {row.name}
                  </Link>
                </td>
                <td className="px-2 sm:px-2.5">
                  <StatusMark condition={row.condition} word={row.word} className="text-label" />
                </td>
                <td className="px-2.5 text-right max-md:hidden">{formatNumber(row.pending)}</td>
                <td className="px-2.5 text-right max-md:hidden">{formatNumber(row.inFlight)}</td>
                <td className="px-2.5 text-right max-md:hidden">{formatNumber(row.waiting)}</td>
                <td className="px-2 text-right sm:px-2.5">
                  <span className="inline-flex items-center gap-2">
                    <span aria-hidden className="hidden h-1.5 w-16 md:block">
                      <span
                        className="ml-auto block h-full rounded bg-accent"
                        style={{ width: `${(row.backlog / most) * 100}%` }}
                      />
                    </span>
                    {formatNumber(row.backlog)}
                  </span>
                </td>
                <td className="px-2 text-right sm:px-2.5">
                  {row.oldestAt === '' ? <span className="text-muted">–</span> : <RelativeTime at={row.oldestAt} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
