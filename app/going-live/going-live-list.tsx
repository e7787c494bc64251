import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { GoingLiveLine, GoingLiveView } from '#app/presenters/going-live.ts';
import { ModeMark } from './mode-mark.tsx';
import { goingLiveOf } from './paths.ts';

const columns: readonly TableColumn<GoingLiveLine>[] = [
  {
    id: 'system',
    header: 'System',
    fixed: true,
    fills: true,
    cell: (row) => (
      <Link to={goingLiveOf(row.id)} prefetch="intent" title={row.id} className="font-medium hover:text-accent">
        {row.name}
      </Link>
    ),
  },
  { id: 'mode', header: 'Mode', cell: ({ live }) => <ModeMark live={live} /> },
  { id: 'role', header: 'Role', wideOnly: true, cell: (row) => row.role },
  {
    id: 'ready',
    header: 'Not ready',
    wideOnly: true,
    // What is live is past this.
    cell: ({ live, notReady }) =>
      live ? '–' : notReady.length === 0 ? <StatusMark condition="good" word="nothing open" /> : notReady.join(', '),
  },
  { id: 'sent', header: 'Would be sent', numeric: true, cell: ({ tally }) => formatNumber(tally.wouldSend) },
  { id: 'stopped', header: 'Would stop', numeric: true, cell: ({ tally }) => formatNumber(tally.wouldStop) },
  {
    id: 'unknown',
    header: 'Not known',
    numeric: true,
    wideOnly: true,
    cell: ({ tally }) => formatNumber(tally.unknown),
  },
  { id: 'seen', header: 'Seen working', wideOnly: true, cell: (row) => <RelativeTime at={row.seenAt} /> },
];

/** Every system with its mode, and what speaks against taking it live. */
export function GoingLiveList({ view }: { view: GoingLiveView }) {
  const { systems, observed } = view;
  return (
    <Page
      title="Going live"
      lead={`${formatNumber(systems.length)} systems, ${formatNumber(observed)} only observed; calls that were passed over: since a system is observed, or of a live one within 30 days`}
    >
      <DataTable
        label="Systems"
        columns={columns}
        rows={systems}
        rowKey={(row) => row.id}
        rowPath={(row) => goingLiveOf(row.id)}
        empty={
          <StateNotice kind="empty" title="This estate has no systems">
            Declare them in the estate file; docs/connectors.md tells how.
          </StateNotice>
        }
      />
    </Page>
  );
}
