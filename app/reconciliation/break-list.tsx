import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { BreakLine } from '#app/presenters/reconciliation.ts';
import { Figure } from './figure.tsx';
import { breakPageSize, breakPath } from './paths.ts';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<BreakLine>[] = [
  {
    id: 'what',
    header: 'What',
    sortable: true,
    fixed: true,
    cell: (one) => (
      <Link to={breakPath(one.id)} prefetch="intent" className="font-mono text-[12px] hover:text-accent">
        {one.what}
      </Link>
    ),
  },
  { id: 'kind', header: 'Difference', sortable: true, wideOnly: true, cell: (one) => one.kind },
  { id: 'state', header: 'State', cell: (one) => <StatusMark condition={one.condition} word={one.word} /> },
  { id: 'system', header: 'Other side', wideOnly: true, cell: (one) => one.system },
  {
    id: 'ours',
    header: 'Syncline',
    numeric: true,
    wideOnly: true,
    cell: (one) => <Figure value={one.ours} currency={one.currency} />,
  },
  {
    id: 'theirs',
    header: 'There',
    numeric: true,
    wideOnly: true,
    cell: (one) => <Figure value={one.theirs} currency={one.currency} />,
  },
  {
    id: 'difference',
    header: 'Apart',
    numeric: true,
    sortable: true,
    cell: (one) => <Figure value={one.difference} currency={one.currency} signed />,
  },
  { id: 'entity', header: 'Legal entity', wideOnly: true, atFirst: 'hidden', cell: (one) => one.entity || none },
  { id: 'channel', header: 'Channel', wideOnly: true, atFirst: 'hidden', cell: (one) => one.channel || none },
  {
    id: 'reference',
    header: 'Reference',
    wideOnly: true,
    atFirst: 'hidden',
    cell: (one) => <span className="font-mono text-[12px]">{one.reference || '–'}</span>,
  },
  { id: 'owner', header: 'Owner', wideOnly: true, cell: (one) => one.assignee || none },
  {
    id: 'times',
    header: 'Times',
    numeric: true,
    sortable: true,
    wideOnly: true,
    atFirst: 'hidden',
    cell: (one) => formatNumber(one.times),
  },
  {
    id: 'happened',
    header: 'Happened',
    sortable: true,
    wideOnly: true,
    cell: (one) => <RelativeTime at={one.happenedAt} />,
  },
  { id: 'since', header: 'Since', sortable: true, wideOnly: true, cell: (one) => <RelativeTime at={one.since} /> },
  { id: 'seen', header: 'Last seen', sortable: true, wideOnly: true, cell: (one) => <RelativeTime at={one.seenAt} /> },
];

/** Differences, filtered, sorted and paged by the server. */
export function BreakList(props: { breaks: readonly BreakLine[]; page: number; total: number; filtered: boolean }) {
  return (
    <DataTable
      label="Breaks"
      columns={columns}
      rows={props.breaks}
      rowKey={(one) => one.id}
      rowPath={(one) => breakPath(one.id)}
      sort={{ id: 'seen', descending: true }}
      paging={{ page: props.page, pageSize: breakPageSize, total: props.total }}
      empty={
        <StateNotice kind="empty" title={props.filtered ? 'No break matches' : 'No open break'}>
          {props.filtered
            ? 'Remove a filter, or choose other states: healed and closed breaks are kept too.'
            : 'Every side that was compared agrees, or what differed is healed or closed.'}
        </StateNotice>
      }
    />
  );
}
