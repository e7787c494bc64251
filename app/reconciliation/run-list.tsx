import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RunLine } from '#app/presenters/reconciliation.ts';
import { runPath } from './paths.ts';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<RunLine>[] = [
  {
    id: 'name',
    header: 'Comparison',
    fixed: true,
    cell: (run) => (
      <Link to={runPath(run.id)} prefetch="intent" className="hover:text-accent">
        {run.name}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (run) => (
      <span title={run.message}>
        <StatusMark condition={run.condition} word={run.word} />
      </span>
    ),
  },
  { id: 'at', header: 'Begun', wideOnly: true, cell: (run) => <RelativeTime at={run.at} /> },
  {
    id: 'compared',
    header: 'Compared',
    numeric: true,
    wideOnly: true,
    cell: (run) => (run.running ? none : formatNumber(run.compared)),
  },
  {
    id: 'agreeing',
    header: 'Agreeing',
    numeric: true,
    wideOnly: true,
    cell: (run) => (run.running ? none : formatNumber(run.agreeing)),
  },
  {
    id: 'undecided',
    header: 'Undecided',
    numeric: true,
    wideOnly: true,
    cell: (run) => (run.running ? none : formatNumber(run.undecided)),
  },
  {
    id: 'breaks',
    header: 'Breaks',
    numeric: true,
    cell: (run) =>
      run.running ? none : <span className={run.breaks > 0 ? 'text-bad' : ''}>{formatNumber(run.breaks)}</span>,
  },
  {
    id: 'healed',
    header: 'Healed',
    numeric: true,
    wideOnly: true,
    cell: (run) => (run.running ? none : formatNumber(run.healed)),
  },
  {
    id: 'lag',
    header: 'Lag',
    numeric: true,
    wideOnly: true,
    cell: (run) => (run.lagMs === null ? none : <Duration ms={run.lagMs} />),
  },
  { id: 'by', header: 'Asked by', wideOnly: true, cell: (run) => run.by || 'schedule' },
];

/** The latest comparisons, of every plan. */
export function RunList({ runs }: { runs: readonly RunLine[] }) {
  return (
    <DataTable
      label="Comparisons"
      columns={columns}
      rows={runs}
      rowKey={(run) => run.id}
      rowPath={(run) => runPath(run.id)}
      empty={
        <StateNotice kind="empty" title="Nothing has been compared yet">
          Comparisons are declared in the estate file and run on their schedule; docs/reconciliation.md shows how.
        </StateNotice>
      }
    />
  );
}
