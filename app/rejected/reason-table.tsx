import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RejectedReason } from '#app/presenters/rejected.ts';
import { rejectedAsked } from './paths.ts';

interface Props {
  reasons: readonly RejectedReason[];
  /** Reasons that are not among them. */
  more: number;
  range: string;
}

/** Why events were rejected; each count leads to the events that it counts. */
export function ReasonTable({ reasons, more, range }: Props) {
  if (reasons.length === 0) return null;
  const columns: readonly TableColumn<RejectedReason>[] = [
    {
      id: 'why',
      header: 'Reason',
      fixed: true,
      fills: true,
      cell: ({ field, reason }) => (
        <span title={reason}>
          <span className="font-mono text-[12px]">{field}</span> {reason}
        </span>
      ),
    },
    {
      id: 'why-events',
      header: 'Events',
      numeric: true,
      cell: ({ asked, events, field, reason }) => (
        <Link
          to={rejectedAsked(range, asked)}
          aria-label={`${formatNumber(events)} rejected: ${field} ${reason}`}
          className="font-medium hover:underline"
        >
          {formatNumber(events)}
        </Link>
      ),
    },
    { id: 'why-stream', header: 'Came by', wideOnly: true, cell: ({ stream }) => stream },
    { id: 'why-latest', header: 'Latest', wideOnly: true, cell: ({ latestAt }) => <RelativeTime at={latestAt} /> },
  ];
  return (
    <section aria-labelledby="reasons" className="flex flex-col gap-2">
      <h2 id="reasons" className="font-medium">
        By reason
      </h2>
      <DataTable
        label="Reasons of rejected events"
        columns={columns}
        rows={reasons}
        rowKey={({ id }) => id}
        rowPath={({ asked }) => rejectedAsked(range, asked)}
        empty={null}
      />
      {more > 0 && (
        <p className="text-label text-muted">
          {formatNumber(more)} more {more === 1 ? 'reason has' : 'reasons have'} fewer events each: narrow the time, or
          filter the list below by its field.
        </p>
      )}
    </section>
  );
}
