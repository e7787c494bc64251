import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { ShadowResult } from '#app/commands/shadow.ts';
import type { presentShadows, ShadowRow } from '#app/presenters/shadows.ts';
import { shadowPath } from '#app/rules/paths.ts';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';
import { ShadowForm } from './shadow-form.tsx';

const columns: readonly TableColumn<ShadowRow>[] = [
  {
    id: 'change',
    header: 'What is tried',
    fixed: true,
    fills: true,
    cell: (row) => (
      <Link to={shadowPath(row.id)} prefetch="intent" title={row.change} className="font-medium hover:text-accent">
        {row.change}
      </Link>
    ),
  },
  { id: 'state', header: 'State', cell: (row) => <StatusMark {...row.state} /> },
  {
    id: 'tried',
    header: 'Orders tried',
    numeric: true,
    wideOnly: true,
    cell: (row) => `${formatNumber(row.tried)} of ${formatNumber(row.wanted)}`,
  },
  { id: 'different', header: 'Differ', numeric: true, cell: (row) => formatNumber(row.different) },
  { id: 'by', header: 'Asked by', wideOnly: true, cell: (row) => row.by },
  { id: 'at', header: 'When', wideOnly: true, cell: (row) => <RelativeTime at={row.at} /> },
];

interface ShadowListProps {
  list: Awaited<ReturnType<typeof presentShadows>>;
  result: ShadowResult | undefined;
}

/** Trials of changes on real orders, and the form that begins one. */
export function ShadowList({ list, result }: ShadowListProps) {
  return (
    <Page title="Shadow replay" lead="Try a change on the last real orders before it goes live. Nothing is sent.">
      <QuarantineNav />
      {list.may.write && (
        <Panel title="Try a change">
          <ShadowForm choices={list.choices} result={result} />
        </Panel>
      )}
      <DataTable
        label="Shadow replays"
        columns={columns}
        rows={list.rows}
        rowKey={(row) => row.id}
        rowPath={(row) => shadowPath(row.id)}
        empty={
          <StateNotice kind="empty" title="No change has been tried yet">
            A mapping, a correction or a whole estate file: what would differ for the last orders is shown in groups.
          </StateNotice>
        }
      />
    </Page>
  );
}
