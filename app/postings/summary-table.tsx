import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { formatNumber } from '#app/format.ts';
import type { PostingSummaryLine } from '#app/presenters/posting-summary.ts';
import { postingsAsked } from './paths.ts';

interface Props {
  lines: readonly PostingSummaryLine[];
  range: string;
  within: string;
}

const places = ({ system, entity, document }: PostingSummaryLine) => ({ system, entity, document });

/** How postings stand by system, legal entity and document; each count leads to the postings that it counts. */
export function SummaryTable({ lines, range, within }: Props) {
  const count = (
    line: PostingSummaryLine,
    name: 'attempted' | 'failed' | 'pending' | 'posted' | 'prevented',
    more: { state?: string; prevented?: '1' },
    className = '',
  ) =>
    line[name] === 0 ? (
      <span className="text-muted">0</span>
    ) : (
      <Link
        to={postingsAsked(range, { ...places(line), ...more })}
        aria-label={`${formatNumber(line[name])} ${name}: ${line.documentName}, ${line.systemName}, ${line.entityName}`}
        className={`hover:underline ${className}`}
      >
        {formatNumber(line[name])}
      </Link>
    );
  const columns: readonly TableColumn<PostingSummaryLine>[] = [
    { id: 'by-document', header: 'Document', fixed: true, cell: (line) => line.documentName },
    {
      id: 'by-system',
      header: 'System',
      cell: (line) => (
        <div className="max-sm:py-1">
          {line.systemName}
          <span className="block text-label text-muted sm:hidden">{line.entityName}</span>
        </div>
      ),
    },
    { id: 'by-entity', header: 'Legal entity', wideOnly: true, cell: (line) => line.entityName },
    {
      id: 'count-failed',
      header: 'Failed',
      numeric: true,
      cell: (line) => count(line, 'failed', { state: 'failed' }, 'font-medium text-bad'),
    },
    {
      id: 'count-pending',
      header: 'Pending',
      numeric: true,
      cell: (line) => count(line, 'pending', { state: 'pending' }),
    },
    {
      id: 'count-posted',
      header: 'Posted',
      numeric: true,
      wideOnly: true,
      cell: (line) => count(line, 'posted', { state: 'posted' }),
    },
    {
      id: 'count-attempted',
      header: 'Attempted',
      numeric: true,
      wideOnly: true,
      cell: (line) => count(line, 'attempted', {}),
    },
    {
      id: 'count-prevented',
      header: 'Duplicates prevented',
      numeric: true,
      wideOnly: true,
      cell: (line) => count(line, 'prevented', { prevented: '1' }),
    },
  ];
  return (
    <section aria-labelledby="by-books" className="flex flex-col gap-2">
      <h2 id="by-books" className="font-medium">
        By document, system and legal entity
      </h2>
      <DataTable
        label="Postings by document, system and legal entity"
        columns={columns}
        rows={lines}
        rowKey={(line) => line.id}
        rowPath={(line) => postingsAsked(range, places(line))}
        empty={
          <StateNotice kind="empty" title={`Nothing was posted in ${within}`}>
            Choose a longer time above. Sales orders, invoices, payments, refunds, credit memos and journal entries are
            counted here.
          </StateNotice>
        }
      />
    </section>
  );
}
