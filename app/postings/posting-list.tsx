import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber, middleEllipsis } from '#app/format.ts';
import type { PostingLine } from '#app/presenters/postings.ts';
import { postingPageSize } from './paths.ts';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<PostingLine>[] = [
  {
    id: 'posting',
    header: 'Posting key',
    sortable: true,
    wideOnly: true,
    cell: (one) => <Identifier value={one.postingKey} longest={16} />,
  },
  {
    id: 'transaction',
    header: 'Transaction',
    fixed: true,
    cell: ({ number, path }) => (
      <Link to={path} prefetch="intent" title={number} className="font-mono text-[12px] hover:text-accent">
        {middleEllipsis(number, 16)}
      </Link>
    ),
  },
  { id: 'document', header: 'Document', sortable: true, cell: (one) => one.document },
  {
    id: 'number',
    header: 'Document number',
    wideOnly: true,
    atFirst: 'hidden',
    cell: (one) => <Identifier value={one.documentNumber} />,
  },
  { id: 'state', header: 'State', sortable: true, cell: (one) => <State one={one} /> },
  { id: 'system', header: 'System', sortable: true, wideOnly: true, cell: (one) => one.system },
  { id: 'entity', header: 'Legal entity', wideOnly: true, cell: (one) => one.entity || none },
  {
    id: 'attempts',
    header: 'Attempts',
    numeric: true,
    sortable: true,
    wideOnly: true,
    cell: (one) => formatNumber(one.attempts),
  },
  {
    id: 'error',
    header: 'Error',
    wideOnly: true,
    fills: true,
    cell: (one) => (one.error === '' ? none : <span title={`${one.errorCode}: ${one.error}`}>{one.error}</span>),
  },
  {
    id: 'amount',
    header: 'Amount',
    numeric: true,
    sortable: true,
    wideOnly: true,
    cell: (one) => <Money amount={one.amount} currency={one.currency} />,
  },
  {
    id: 'last',
    header: 'Last attempt',
    sortable: true,
    wideOnly: true,
    cell: (one) => <RelativeTime at={one.lastAt} />,
  },
  {
    id: 'retry',
    header: 'Next attempt',
    wideOnly: true,
    atFirst: 'hidden',
    cell: (one) => (one.retryAt === '' ? none : <RelativeTime at={one.retryAt} />),
  },
];

/** Where a posting stands; one that a case holds leads to it. */
function State({ one }: { one: PostingLine }) {
  const mark = <StatusMark condition={one.condition} word={one.word} />;
  if (one.casePath === '') return <span title={one.error}>{mark}</span>;
  return (
    <Link to={one.casePath} title={one.error} className="hover:underline">
      {mark}
    </Link>
  );
}

interface Props {
  postings: readonly PostingLine[];
  page: number;
  total: number;
  filtered: boolean;
  within: string;
}

/** Postings, filtered, sorted and paged by the server. */
export function PostingList({ postings, page, total, filtered, within }: Props) {
  return (
    <DataTable
      label="Postings"
      columns={columns}
      rows={postings}
      rowKey={(one) => one.postingKey}
      rowPath={(one) => one.path}
      sort={{ id: 'last', descending: true }}
      paging={{ page, pageSize: postingPageSize, total }}
      empty={
        <StateNotice kind="empty" title={filtered ? 'No posting matches' : `Nothing was posted in ${within}`}>
          {filtered ? 'Remove a filter, or choose a longer time.' : 'Choose a longer time.'}
        </StateNotice>
      }
    />
  );
}
