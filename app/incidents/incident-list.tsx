import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, Money, RelativeTime } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import type { IncidentLine, IncidentsView } from '#app/presenters/incidents.ts';
import { incidentPageSize, incidentPath } from './paths.ts';
import { SoFar } from './so-far.tsx';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<IncidentLine>[] = [
  {
    id: 'number',
    header: 'Incident',
    fixed: true,
    sortable: true,
    cell: (line) => (
      <Link to={incidentPath(line.id)} prefetch="intent" className="hover:text-accent">
        {line.id}
      </Link>
    ),
  },
  { id: 'title', header: 'Title', fixed: true, fills: true, cell: (line) => line.title },
  {
    id: 'state',
    header: 'State',
    cell: (line) => (line.state === 'open' ? 'open' : <StatusMark condition="good" word="ended" />),
  },
  {
    id: 'severity',
    header: 'Severity',
    sortable: true,
    cell: (line) => <StatusMark condition={line.mark.condition} word={line.mark.word} />,
  },
  { id: 'affected', header: 'Affected', wideOnly: true, cell: (line) => line.affected.join(', ') || none },
  { id: 'lead', header: 'Lead', wideOnly: true, cell: (line) => line.lead || none },
  { id: 'since', header: 'Began', wideOnly: true, sortable: true, cell: (line) => <RelativeTime at={line.since} /> },
  {
    id: 'duration',
    header: 'Lasted',
    about: figures.incidentDuration,
    numeric: true,
    wideOnly: true,
    sortable: true,
    cell: (line) => (line.state === 'open' ? <SoFar since={line.since} /> : <Duration ms={line.lastedMs} />),
  },
  {
    id: 'orders',
    header: 'Orders',
    about: figures.incidentOrders,
    numeric: true,
    wideOnly: true,
    cell: (line) => (line.orders === null ? none : formatNumber(line.orders)),
  },
  {
    id: 'value',
    header: 'Value affected',
    about: figures.incidentValue,
    numeric: true,
    wideOnly: true,
    cell: (line) => <Money {...line.value} whole />,
  },
  {
    id: 'updated',
    header: 'Last entry',
    atFirst: 'hidden',
    sortable: true,
    cell: (line) => <RelativeTime at={line.updatedAt} />,
  },
];

/** Incidents at a glance, a page of them. */
export function IncidentList({ view }: { view: IncidentsView }) {
  const filtered = view.chips.length > 0 || view.scope !== 'all';
  return (
    <DataTable
      label="Incidents"
      columns={columns}
      rows={view.lines}
      rowKey={(line) => line.id}
      rowPath={(line) => incidentPath(line.id)}
      sort={{ id: 'number', descending: true }}
      paging={{ page: view.page, pageSize: incidentPageSize, total: view.total }}
      empty={
        <StateNotice kind="empty" title={filtered ? 'No incident fits' : 'No incident was ever raised'}>
          {filtered
            ? 'Take a filter away, or look at all of them.'
            : 'Raise one when everybody is to know that something is wrong: it stands on every page until it is ended.'}
        </StateNotice>
      }
    />
  );
}
