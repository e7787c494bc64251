import { Link } from '@remix-run/react';
import { CountdownMark } from '#app/components/countdown.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, Money, RelativeTime } from '#app/components/values.tsx';
import type { OrderListItem } from '#app/presenters/order-list.ts';
import { orderStateWords } from '#app/words/lifecycle.ts';
import { orderPageSize, orderPath } from './paths.ts';

const waits = (ms: number | null, open: boolean) =>
  ms === null ? <span className="text-muted">{open ? 'waits' : '–'}</span> : <Duration ms={ms} />;

const columns: readonly TableColumn<OrderListItem>[] = [
  {
    id: 'number',
    header: 'Order',
    sortable: true,
    fixed: true,
    cell: (row) => (
      <Link to={orderPath(row.key)} prefetch="intent" className="font-mono text-[12px] hover:text-accent">
        {row.number}
      </Link>
    ),
  },
  {
    id: 'lifecycle',
    header: 'State',
    sortable: true,
    cell: (row) => {
      const { word, tone } = orderStateWords(row.lifecycle, row.open);
      return <StatusMark condition={tone} word={word} />;
    },
  },
  { id: 'deadline', header: 'Deadline', sortable: true, cell: (row) => <CountdownMark deadline={row.deadline} /> },
  {
    id: 'problem',
    header: 'Problem',
    wideOnly: true,
    cell: (row) =>
      row.caseId === '' ? (
        <span title={row.message} className={row.message === '' ? 'text-muted' : ''}>
          {row.open && row.message !== '' ? row.doing : '–'}
        </span>
      ) : (
        <Link to={`/quarantine/${encodeURIComponent(row.caseId)}`} className="text-bad hover:underline">
          <StatusMark condition="bad" word="in quarantine" />
        </Link>
      ),
  },
  { id: 'channel', header: 'Channel', wideOnly: true, cell: (row) => row.channel },
  { id: 'entity', header: 'Legal entity', wideOnly: true, atFirst: 'hidden', cell: (row) => row.entity },
  { id: 'tier', header: 'Tier', wideOnly: true, cell: (row) => row.tier || '–' },
  {
    id: 'amount',
    header: 'Amount',
    numeric: true,
    sortable: true,
    wideOnly: true,
    cell: (row) => <Money amount={row.amount} currency={row.currency} />,
  },
  { id: 'sync', header: 'Sync latency', numeric: true, wideOnly: true, cell: (row) => waits(row.syncMs, row.open) },
  {
    id: 'release',
    header: 'Release time',
    numeric: true,
    wideOnly: true,
    cell: (row) => waits(row.releaseMs, row.open),
  },
  { id: 'placed', header: 'Placed', sortable: true, wideOnly: true, cell: (row) => <RelativeTime at={row.placedAt} /> },
  { id: 'last', header: 'Last step', sortable: true, wideOnly: true, cell: (row) => <RelativeTime at={row.lastAt} /> },
];

interface OrderTableProps {
  items: readonly OrderListItem[];
  page: number;
  total: number;
  within: string;
  searched: boolean;
  onOpen: (row: OrderListItem) => void;
  onActive: (row: OrderListItem) => void;
}

export function OrderTable({ items, page, total, within, searched, onOpen, onActive }: OrderTableProps) {
  return (
    <DataTable
      label="Orders"
      columns={columns}
      rows={items}
      rowKey={(row) => row.key}
      rowPath={(row) => orderPath(row.key)}
      onOpen={onOpen}
      onActive={onActive}
      sort={{ id: 'placed', descending: true }}
      paging={{ page, pageSize: orderPageSize, total }}
      empty={
        <StateNotice kind="empty" title={searched ? 'No order has one of these numbers' : `No orders in ${within}`}>
          {searched
            ? 'Order numbers, external ids, SKUs, ERP documents and tracking numbers are searched, at all times. Paste whole numbers, or the first three characters of one.'
            : 'Choose a longer time, or remove a filter.'}
        </StateNotice>
      }
    />
  );
}
