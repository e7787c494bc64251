import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RejectedLine, RejectedView } from '#app/presenters/rejected.ts';
import { rejectedPageSize } from './paths.ts';

const columns: readonly TableColumn<RejectedLine>[] = [
  {
    id: 'arrived',
    header: 'Arrived',
    fixed: true,
    sortable: true,
    cell: (one) => <RelativeTime at={one.arrivedAt} />,
  },
  { id: 'stream', header: 'Came by', sortable: true, wideOnly: true, cell: (one) => one.stream },
  {
    id: 'field',
    header: 'Field',
    sortable: true,
    wideOnly: true,
    cell: (one) => <span className="font-mono text-[12px]">{one.field}</span>,
  },
  {
    id: 'reason',
    header: 'Reason',
    fixed: true,
    sortable: true,
    fills: true,
    cell: (one) => (
      <Link to={one.path} prefetch="intent" title={one.reason} className="hover:text-accent">
        {one.reason}
      </Link>
    ),
  },
  {
    id: 'producer',
    header: 'Producer',
    sortable: true,
    wideOnly: true,
    cell: (one) => <Identifier value={one.producer} longest={24} />,
  },
  {
    id: 'subject',
    header: 'Subject',
    wideOnly: true,
    cell: (one) => <Identifier value={one.subject} longest={32} />,
  },
  {
    id: 'position',
    header: 'Position',
    numeric: true,
    sortable: true,
    wideOnly: true,
    cell: ({ position }) => (position === undefined ? <span className="text-muted">–</span> : formatNumber(position)),
  },
];

/** Rejected events, filtered, sorted and paged by the server. */
export function RejectedList({ view }: { view: RejectedView }) {
  return (
    <DataTable
      label="Rejected events"
      columns={columns}
      rows={view.events}
      rowKey={(one) => one.id}
      rowPath={(one) => one.path}
      sort={{ id: 'arrived', descending: true }}
      paging={{ page: view.page, pageSize: rejectedPageSize, total: view.total }}
      empty={
        <StateNotice
          kind="empty"
          title={view.filtered ? 'No rejected event matches' : `Nothing was rejected in ${view.within}`}
        >
          {view.filtered ? 'Remove a filter, or choose a longer time.' : 'Everything that came was counted.'}
        </StateNotice>
      }
    />
  );
}
