import { Link } from '@remix-run/react';
import { buttonClass } from '#app/components/button.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { presentRules, RuleRow } from '#app/presenters/rules.ts';
import { KillSwitch, RulesOff } from './kill-switch.tsx';
import { rulePath } from './paths.ts';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';

const columns: readonly TableColumn<RuleRow>[] = [
  {
    id: 'name',
    header: 'Rule',
    fixed: true,
    fills: true,
    cell: (row) => (
      <Link to={rulePath(row.id)} prefetch="intent" title={row.name} className="font-medium hover:text-accent">
        {row.name}
      </Link>
    ),
  },
  { id: 'state', header: 'State', cell: (row) => <StatusMark {...row.state} /> },
  { id: 'uses', header: 'Uses', numeric: true, cell: (row) => formatNumber(row.uses) },
  { id: 'last', header: 'Last use', wideOnly: true, cell: (row) => <RelativeTime at={row.lastUse} /> },
  { id: 'expires', header: 'Expires', wideOnly: true, cell: (row) => <RelativeTime at={row.expiresAt} /> },
  { id: 'cause', header: 'Cause', wideOnly: true, cell: (row) => <span title={row.cause}>{row.cause}</span> },
  { id: 'scope', header: 'Where', wideOnly: true, cell: (row) => row.scope },
  { id: 'owner', header: 'Owner', wideOnly: true, cell: (row) => row.owner },
  {
    id: 'does',
    header: 'What it does',
    wideOnly: true,
    atFirst: 'hidden',
    cell: (row) => <span title={row.does}>{row.does}</span>,
  },
];

/** Every repair rule, and the one switch of them all. */
export function RuleList({ list }: { list: Awaited<ReturnType<typeof presentRules>> }) {
  const on = list.rows.filter(({ state }) => state.condition === 'good' || state.condition === 'bad').length;
  return (
    <Page
      title="Repair rules"
      lead="They cure arriving orders before a case is opened."
      actions={
        list.may.write && (
          <>
            <KillSwitch off={list.off !== undefined} on={on} />
            <Link to={rulePath()} className={buttonClass('primary')}>
              New rule
            </Link>
          </>
        )
      }
    >
      <QuarantineNav />
      <RulesOff off={list.off} />
      <DataTable
        label="Repair rules"
        columns={columns}
        rows={list.rows}
        rowKey={(row) => row.id}
        rowPath={(row) => rulePath(row.id)}
        empty={
          <StateNotice kind="empty" title="There is no repair rule yet">
            Where the same correction cures a cause again and again, save it as a rule: orders that arrive with it go
            through by themselves.
          </StateNotice>
        }
      />
    </Page>
  );
}
