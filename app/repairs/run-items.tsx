import { Link } from '@remix-run/react';
import { Chips } from '#app/components/chips.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { casePath } from '#app/orders/paths.ts';
import type { RepairItemLine, RepairRunView } from '#app/presenters/repair-runs.ts';
import { repairOutcomeWords } from '#app/words/repair-runs.ts';
import { itemPageSize } from './paths.ts';

const columns: readonly TableColumn<RepairItemLine>[] = [
  {
    id: 'number',
    header: 'What',
    fixed: true,
    cell: (item) => (
      <Link to={casePath(item.id)} prefetch="intent" className="font-mono text-[12px] hover:text-accent">
        {item.number}
      </Link>
    ),
  },
  { id: 'outcome', header: 'Outcome', cell: (item) => <StatusMark {...repairOutcomeWords(item.outcome)} /> },
  {
    id: 'amount',
    header: 'Amount',
    numeric: true,
    wideOnly: true,
    cell: (item) => <Money amount={item.amount} currency={item.currency} />,
  },
  {
    id: 'message',
    header: 'Reason',
    fills: true,
    wideOnly: true,
    cell: (item) => <span title={item.message}>{item.message}</span>,
  },
  { id: 'at', header: 'When', wideOnly: true, cell: (item) => <RelativeTime at={item.at} /> },
];

/** What became of each case. */
export function RunItems({ view }: { view: RepairRunView }) {
  return (
    <section aria-label="Cases" className="flex min-w-0 flex-col gap-2">
      <Chips
        chips={view.chosen.map((outcome) => ({
          name: 'outcome',
          value: outcome,
          label: `Outcome: ${repairOutcomeWords(outcome).word}`,
        }))}
      />
      <DataTable
        label="Cases of this repair"
        columns={columns}
        rows={view.rows}
        rowKey={(item) => item.id}
        rowPath={(item) => casePath(item.id)}
        paging={{ page: view.page, pageSize: itemPageSize, total: view.total }}
        empty={
          <StateNotice
            kind="empty"
            title={view.chosen.length > 0 ? 'No case stands there now' : 'The list is on its way'}
          />
        }
      />
    </section>
  );
}
