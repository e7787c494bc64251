import { Link } from '@remix-run/react';
import { Users } from 'lucide-react';
import { CountdownMark } from '#app/components/countdown.tsx';
import { DataTable, type Selection, type TableColumn } from '#app/components/data-table.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { casePath } from '#app/orders/paths.ts';
import type { InboxItem } from '#app/presenters/case-list.ts';
import { caseStatusWords } from '#app/words/cases.ts';
import { casePageSize } from './paths.ts';

const columns: readonly TableColumn<InboxItem>[] = [
  {
    id: 'number',
    header: 'What',
    fixed: true,
    cell: (row) => (
      <span className="inline-flex items-center gap-1.5">
        <Link to={casePath(row.id)} prefetch="intent" className="font-mono text-[12px] hover:text-accent">
          {row.number}
        </Link>
        {row.present.length > 0 && (
          <span title={`Open at ${row.present.join('; ')}`} className="text-warn">
            <Users aria-hidden className="size-3.5" />
            <span className="sr-only">open at {row.present.join('; ')}</span>
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'cause',
    header: 'Cause',
    fills: true,
    cell: (row) => (
      <span title={row.message}>
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
    cell: (row) =>
      row.assignee === '' ? (
        <span className="text-muted">nobody</span>
      ) : (
        <span title={row.assignee} className="block max-w-28 truncate">
          {row.assignee}
        </span>
      ),
  },
  { id: 'step', header: 'Step', sortable: true, wideOnly: true, cell: (row) => row.step },
  { id: 'tags', header: 'Tags', wideOnly: true, atFirst: 'hidden', cell: (row) => row.tags.join(', ') },
  { id: 'system', header: 'System', wideOnly: true, atFirst: 'hidden', cell: (row) => row.system },
  { id: 'channel', header: 'Channel', wideOnly: true, cell: (row) => row.channel },
  { id: 'opened', header: 'Opened', sortable: true, wideOnly: true, cell: (row) => <RelativeTime at={row.openedAt} /> },
];

export interface Paged {
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
}: Paged & { items: readonly InboxItem[]; selection: Selection | undefined }) {
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
