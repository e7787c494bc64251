import { Link, useLocation } from '@remix-run/react';
import { CsvLink } from '#app/components/csv-link.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber, formatRate } from '#app/format.ts';
import type { ConnectorLine, ConnectorListView } from '#app/presenters/connectors.ts';
import { CallTime, SuccessShare } from './call-figures.tsx';
import { connectorPath, connectorsPath } from './paths.ts';
import { limitWords } from './limit-words.ts';
import { WarningsPanel } from './warnings-panel.tsx';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<ConnectorLine>[] = [
  {
    id: 'connector',
    header: 'Connector',
    fixed: true,
    fills: true,
    cell: (row) => (
      <Link to={connectorPath(row.id)} prefetch="intent" title={row.id} className="font-medium hover:text-accent">
        {row.name}
      </Link>
    ),
  },
  { id: 'state', header: 'State', cell: (row) => <StatusMark condition={row.condition} word={row.word} /> },
  { id: 'role', header: 'Role', wideOnly: true, cell: (row) => row.role },
  { id: 'kind', header: 'Kind', wideOnly: true, cell: (row) => row.kind },
  {
    id: 'rate',
    header: 'Calls/s',
    about: figures.connectorRate,
    numeric: true,
    wideOnly: true,
    cell: (row) => (row.known ? formatRate(row.ratePerS) : none),
  },
  {
    id: 'backlog',
    header: 'Backlog',
    about: figures.connectorBacklog,
    numeric: true,
    cell: (row) => (row.known ? formatNumber(row.backlog) : none),
  },
  { id: 'oldest', header: 'Oldest', wideOnly: true, cell: (row) => <RelativeTime at={row.oldestAt} /> },
  {
    id: 'waiting',
    header: 'Retries waiting',
    numeric: true,
    wideOnly: true,
    cell: (row) => (row.known ? formatNumber(row.waiting) : none),
  },
  { id: 'due', header: 'Next retry', wideOnly: true, cell: (row) => <RelativeTime at={row.nextDueAt} /> },
  {
    id: 'success',
    header: 'Success',
    about: figures.callSuccess,
    numeric: true,
    cell: (row) => <SuccessShare success={row.success} />,
  },
  {
    id: 'p95',
    header: 'p95',
    about: figures.callTime,
    numeric: true,
    wideOnly: true,
    cell: (row) => <CallTime ms={row.p95} />,
  },
  {
    id: 'maintenance',
    header: 'Maintenance',
    wideOnly: true,
    cell: ({ maintenance }) =>
      maintenance === undefined ? (
        none
      ) : (
        <span title={maintenance.reason}>
          <RelativeTime at={maintenance.starts} />
        </span>
      ),
  },
  { id: 'limits', header: 'Limits', atFirst: 'hidden', wideOnly: true, cell: ({ limits }) => limitWords(limits) },
];

/** Every system with its breaker, what waits for it and how its calls do. */
export function ConnectorList({ list }: { list: ConnectorListView }) {
  const { search } = useLocation();
  const { connectors, within, paused, open, backlog } = list;
  return (
    <Page
      title="Connectors"
      lead={`${formatNumber(connectors.length)}: ${formatNumber(open)} with an open breaker, ${formatNumber(paused)} paused, ${formatNumber(backlog)} messages in their queues; success and p95 over ${within}`}
      actions={<CsvLink to={`${connectorsPath}/export.csv${search}`} />}
    >
      <WarningsPanel warnings={list.warnings} />
      <DataTable
        label="Connectors"
        columns={columns}
        rows={connectors}
        rowKey={(row) => row.id}
        rowPath={(row) => connectorPath(row.id)}
        empty={
          <StateNotice kind="empty" title="This estate has no systems">
            Declare them in the estate file; docs/connectors.md tells how.
          </StateNotice>
        }
      />
    </Page>
  );
}
