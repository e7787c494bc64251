import { Link } from '@remix-run/react';
import { CountdownMark } from '#app/components/countdown.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber, middleEllipsis } from '#app/format.ts';
import type { TransactionLine, TransactionsView } from '#app/presenters/transactions.ts';
import { transactionPageSize } from './paths.ts';

const none = <span className="text-muted">–</span>;

function columnsFor(latency: string): readonly TableColumn<TransactionLine>[] {
  return [
    {
      id: 'number',
      header: 'Transaction',
      sortable: true,
      fixed: true,
      cell: (row) => (
        <Link to={row.path} prefetch="intent" title={row.number} className="font-mono text-[12px] hover:text-accent">
          {middleEllipsis(row.number, 22)}
        </Link>
      ),
    },
    { id: 'state', header: 'State', cell: (row) => <State row={row} /> },
    {
      id: 'deadline',
      header: 'Deadline',
      wideOnly: true,
      atFirst: 'hidden',
      cell: (row) => <CountdownMark deadline={row.deadline} />,
    },
    {
      id: 'doing',
      header: 'Latest step',
      wideOnly: true,
      fills: true,
      cell: (row) => <span title={row.error}>{row.error === '' ? row.doing : `${row.doing}. ${row.error}`}</span>,
    },
    { id: 'channel', header: 'Channel', wideOnly: true, cell: (row) => row.channel || none },
    { id: 'entity', header: 'Legal entity', wideOnly: true, atFirst: 'hidden', cell: (row) => row.entity || none },
    { id: 'location', header: 'Location', wideOnly: true, atFirst: 'hidden', cell: (row) => row.location || none },
    { id: 'sku', header: 'SKU', wideOnly: true, atFirst: 'hidden', cell: (row) => row.sku || none },
    { id: 'tier', header: 'Tier', wideOnly: true, atFirst: 'hidden', cell: (row) => row.tier || none },
    { id: 'origin', header: 'Origin', wideOnly: true, atFirst: 'hidden', cell: (row) => row.origin },
    {
      id: 'attempts',
      header: 'Attempts',
      numeric: true,
      sortable: true,
      wideOnly: true,
      atFirst: 'hidden',
      cell: (row) => formatNumber(row.attempts),
    },
    {
      id: 'amount',
      header: 'Amount',
      numeric: true,
      sortable: true,
      wideOnly: true,
      cell: (row) => <Money amount={row.amount} currency={row.currency} />,
    },
    {
      id: 'latency',
      header: latency,
      numeric: true,
      sortable: true,
      cell: (row) =>
        row.latencyMs === null ? (
          <span className="text-muted">{row.open ? 'waits' : '–'}</span>
        ) : (
          <Duration ms={row.latencyMs} />
        ),
    },
    {
      id: 'occurred',
      header: 'Happened',
      sortable: true,
      wideOnly: true,
      cell: (row) => <RelativeTime at={row.occurredAt} />,
    },
    {
      id: 'last',
      header: 'Last step',
      sortable: true,
      wideOnly: true,
      atFirst: 'hidden',
      cell: (row) => <RelativeTime at={row.lastAt} />,
    },
  ];
}

function State({ row }: { row: TransactionLine }) {
  const mark = <StatusMark condition={row.condition} word={row.word} />;
  if (row.casePath === '') return mark;
  return (
    <Link to={row.casePath} title={row.error} className="hover:underline">
      {mark}
    </Link>
  );
}

/** Transactions, filtered, sorted and paged by the server. */
export function TransactionTable({ view }: { view: TransactionsView }) {
  const measure = view.latency.measures.find(({ id }) => id === view.latency.measure);
  return (
    <DataTable
      label="Transactions"
      columns={columnsFor(measure?.word ?? 'Latency')}
      rows={view.list}
      rowKey={(row) => row.id}
      rowPath={(row) => row.path}
      sort={{ id: 'occurred', descending: true }}
      paging={{ page: view.page, pageSize: transactionPageSize, total: view.total }}
      empty={
        <StateNotice
          kind="empty"
          title={view.chips.length > 0 ? `No ${view.words.one} matches` : `No ${view.words.many} in ${view.within}`}
        >
          {view.chips.length > 0 ? 'Remove a filter, or choose a longer time.' : 'Choose a longer time.'}
        </StateNotice>
      }
    />
  );
}
