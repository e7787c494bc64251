import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RunLine } from '#app/presenters/repair-runs.ts';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';
import { repairPath } from './paths.ts';

const columns: readonly TableColumn<RunLine>[] = [
  {
    id: 'what',
    header: 'Repair',
    fixed: true,
    fills: true,
    cell: (run) => (
      <Link to={repairPath(run.id)} prefetch="intent" title={run.what} className="hover:text-accent">
        {run.what}
      </Link>
    ),
  },
  { id: 'status', header: 'State', cell: (run) => <StatusMark condition={run.condition} word={run.word} /> },
  {
    id: 'resolved',
    header: 'Resolved',
    numeric: true,
    cell: (run) => `${formatNumber(run.resolved)} of ${formatNumber(run.items)}`,
  },
  { id: 'reason', header: 'Why', wideOnly: true, cell: (run) => <span title={run.reason}>{run.reason}</span> },
  { id: 'by', header: 'By', wideOnly: true, cell: (run) => run.startedBy || run.createdBy },
  { id: 'created', header: 'Made', wideOnly: true, cell: (run) => <RelativeTime at={run.createdAt} /> },
];

/** Repairs of many cases, the newest first. */
export function RunList({ runs }: { runs: readonly RunLine[] }) {
  return (
    <Page title="Repairs" lead="One repair for every case of a cause">
      <QuarantineNav />
      <DataTable
        label="Repairs"
        columns={columns}
        rows={runs}
        rowKey={(run) => run.id}
        rowPath={(run) => repairPath(run.id)}
        empty={
          <StateNotice kind="empty" title="Nothing has been repaired by the hundred yet">
            Open a cause under Quarantine and choose “Repair all”, or select cases and choose “Repair”.
          </StateNotice>
        }
      />
    </Page>
  );
}
