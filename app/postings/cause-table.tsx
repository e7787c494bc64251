import { Link } from '@remix-run/react';
import { causePath } from '#app/causes/paths.ts';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { PostingCause } from '#app/presenters/posting-causes.ts';
import { postingsAsked } from './paths.ts';

const askedOf = ({ id }: PostingCause) => ({ state: 'failed', cause: id });

/** Failed postings by what made them fail. A cause that stopped transactions leads to its page in quarantine. */
export function CauseTable(props: { causes: readonly PostingCause[]; others: number; range: string }) {
  if (props.causes.length === 0) return null;
  const columns: readonly TableColumn<PostingCause>[] = [
    {
      id: 'cause',
      header: 'Cause',
      fixed: true,
      fills: true,
      cell: (cause) => (
        <span title={cause.message}>
          {cause.fingerprint === '' ? (
            cause.title
          ) : (
            <Link to={causePath(cause.fingerprint)} prefetch="intent" className="text-accent hover:underline">
              {cause.title}
            </Link>
          )}{' '}
          <span className="text-muted">{cause.message}</span>
        </span>
      ),
    },
    {
      id: 'cause-failed',
      header: 'Failed',
      numeric: true,
      cell: (cause) => (
        <Link
          to={postingsAsked(props.range, askedOf(cause))}
          aria-label={`${formatNumber(cause.failed)} failed: ${cause.title}`}
          className="font-medium text-bad hover:underline"
        >
          {formatNumber(cause.failed)}
        </Link>
      ),
    },
    {
      id: 'cause-retrying',
      header: 'Tried again by itself',
      numeric: true,
      wideOnly: true,
      cell: (cause) => (cause.retrying === 0 ? <span className="text-muted">0</span> : formatNumber(cause.retrying)),
    },
    {
      id: 'cause-code',
      header: 'Code',
      wideOnly: true,
      cell: (cause) => <span className="font-mono text-[12px]">{cause.code}</span>,
    },
    { id: 'cause-document', header: 'Document', wideOnly: true, cell: (cause) => cause.document },
    { id: 'cause-system', header: 'System', wideOnly: true, cell: (cause) => cause.system },
    { id: 'cause-latest', header: 'Latest', wideOnly: true, cell: (cause) => <RelativeTime at={cause.latestAt} /> },
  ];
  return (
    <section aria-labelledby="causes" className="flex flex-col gap-2">
      <h2 id="causes" className="font-medium">
        Failed, by cause{' '}
        {props.others > 0 && (
          <span className="text-label text-muted">and {formatNumber(props.others)} of rarer causes</span>
        )}
      </h2>
      <DataTable
        label="Causes of failed postings"
        columns={columns}
        rows={props.causes}
        rowKey={(cause) => cause.id}
        rowPath={(cause) => postingsAsked(props.range, askedOf(cause))}
        empty={null}
      />
    </section>
  );
}
