import { Link, useSearchParams } from '@remix-run/react';
import { CountdownMark } from '#app/components/countdown.tsx';
import { DataTable, type Selection, type TableColumn } from '#app/components/data-table.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import { casePath } from '#app/orders/paths.ts';
import type { CaseGroupItem, CaseListItem } from '#app/presenters/case-list.ts';
import { caseStatusWords } from '#app/words/cases.ts';
import { casePageSize } from './paths.ts';
import { TrendMark } from './trend-mark.tsx';

const columns: readonly TableColumn<CaseListItem>[] = [
  {
    id: 'number',
    header: 'What',
    fixed: true,
    cell: (row) => (
      <Link to={casePath(row.id)} prefetch="intent" className="font-mono text-[12px] hover:text-accent">
        {row.number}
      </Link>
    ),
  },
  {
    id: 'cause',
    header: 'Cause',
    cell: (row) => (
      <span title={row.message} className="block truncate max-sm:max-w-36">
        {row.cause}
        {row.timesFailed > 1 && <span className="text-bad"> ({row.timesFailed} times)</span>}
      </span>
    ),
  },
  { id: 'deadline', header: 'Deadline', sortable: true, cell: (row) => <CountdownMark deadline={row.deadline} /> },
  {
    id: 'amount',
    header: 'Amount',
    numeric: true,
    sortable: true,
    wideOnly: true,
    cell: (row) => <Money amount={row.amount} currency={row.currency} />,
  },
  {
    id: 'status',
    header: 'Status',
    sortable: true,
    wideOnly: true,
    cell: (row) => <StatusMark {...caseStatusWords(row.status)} />,
  },
  {
    id: 'assignee',
    header: 'Assignee',
    sortable: true,
    wideOnly: true,
    cell: (row) => row.assignee || <span className="text-muted">nobody</span>,
  },
  { id: 'step', header: 'Step', sortable: true, wideOnly: true, cell: (row) => row.step },
  { id: 'system', header: 'System', wideOnly: true, cell: (row) => row.system },
  { id: 'channel', header: 'Channel', wideOnly: true, cell: (row) => row.channel },
  { id: 'opened', header: 'Opened', sortable: true, wideOnly: true, cell: (row) => <RelativeTime at={row.openedAt} /> },
];

interface Paged {
  page: number;
  total: number;
  empty: React.ReactNode;
}

export function CaseTable({
  items,
  page,
  total,
  empty,
  selection,
}: Paged & { items: readonly CaseListItem[]; selection: Selection | undefined }) {
  return (
    <DataTable
      label="Cases"
      columns={columns}
      rows={items}
      rowKey={(row) => row.id}
      rowPath={(row) => casePath(row.id)}
      paging={{ page, pageSize: casePageSize, total }}
      {...(selection === undefined ? {} : { selection })}
      empty={empty}
    />
  );
}

function groupColumns(currency: string): readonly TableColumn<CaseGroupItem>[] {
  return [
    {
      id: 'cause',
      header: 'Cause',
      fixed: true,
      cell: (row) => <span className="block truncate font-medium max-sm:max-w-36">{row.cause}</span>,
    },
    {
      id: 'message',
      header: 'Latest message',
      wideOnly: true,
      cell: (row) => <span title={row.message}>{row.message}</span>,
    },
    { id: 'trend', header: 'Trend', cell: (row) => <TrendMark trend={row.trend} /> },
    { id: 'cases', header: 'Cases', numeric: true, cell: (row) => formatNumber(row.cases) },
    {
      id: 'value',
      header: `Value, ${currency}`,
      numeric: true,
      wideOnly: true,
      cell: (row) => <Money amount={row.value} currency={currency} whole />,
    },
    { id: 'next', header: 'Next deadline', cell: (row) => <CountdownMark deadline={row.next_deadline} /> },
    {
      id: 'unassigned',
      header: 'Nobody’s',
      numeric: true,
      wideOnly: true,
      cell: (row) => formatNumber(row.unassigned),
    },
    { id: 'step', header: 'Step', wideOnly: true, cell: (row) => row.step },
    {
      id: 'first',
      header: 'First',
      wideOnly: true,
      atFirst: 'hidden',
      cell: (row) => <RelativeTime at={row.first_at} />,
    },
    { id: 'last', header: 'Latest', wideOnly: true, cell: (row) => <RelativeTime at={row.last_at} /> },
  ];
}

/** Cases by cause; a row leads to the list of exactly the cases it counts. */
export function GroupTable({
  groups,
  currency,
  page,
  total,
  empty,
}: Paged & { groups: readonly CaseGroupItem[]; currency: string }) {
  const [search] = useSearchParams();
  const pathOf = (group: CaseGroupItem) => {
    const next = new URLSearchParams(search);
    next.delete('by');
    next.delete('page');
    next.set('group', group.fingerprint);
    return `/quarantine?${next.toString()}`;
  };
  return (
    <DataTable
      label="Causes"
      columns={groupColumns(currency)}
      rows={groups}
      rowKey={(row) => row.fingerprint}
      rowPath={pathOf}
      paging={{ page, pageSize: casePageSize, total }}
      empty={empty}
    />
  );
}
