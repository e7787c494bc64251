import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { StoreLine } from '#app/presenters/stores.ts';
import { DayState } from './day-state.tsx';
import { storePath } from './paths.ts';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<StoreLine>[] = [
  {
    id: 'store',
    header: 'Store',
    fixed: true,
    cell: (store) => (
      <Link to={storePath(store.id)} prefetch="intent" title={store.id} className="hover:text-accent">
        {store.name}
      </Link>
    ),
  },
  { id: 'line', header: 'Line', cell: (store) => <StatusMark condition={store.condition} word={store.word} /> },
  {
    id: 'last',
    header: 'Last batch',
    wideOnly: true,
    cell: (store) => (store.lastAt === '' ? none : <RelativeTime at={store.lastAt} />),
  },
  {
    id: 'sequence',
    header: 'Number',
    numeric: true,
    wideOnly: true,
    cell: (store) => (store.sequence === 0 ? none : formatNumber(store.sequence)),
  },
  {
    id: 'backlog',
    header: 'Kept, batches',
    numeric: true,
    wideOnly: true,
    cell: (store) => (store.lastAt === '' ? none : formatNumber(store.backlog)),
  },
  {
    id: 'today',
    header: 'Open day, receipts',
    numeric: true,
    wideOnly: true,
    cell: (store) => (store.open === undefined ? none : formatNumber(store.open.receipts)),
  },
  { id: 'settled', header: 'Last day', wideOnly: true, cell: (store) => store.settled?.date ?? none },
  {
    id: 'takings',
    header: 'Takings',
    numeric: true,
    wideOnly: true,
    cell: ({ settled }) =>
      settled === undefined ? none : <Money amount={settled.takings} currency={settled.currency} />,
  },
  {
    id: 'state',
    header: 'Journal',
    cell: ({ settled }) => (settled === undefined ? none : <DayState day={settled} />),
  },
  { id: 'ownership', header: 'Ownership', wideOnly: true, cell: (store) => store.ownership },
];

/** Every store at a glance. */
export function StoreList({ stores }: { stores: readonly StoreLine[] }) {
  return (
    <DataTable
      label="Stores"
      columns={columns}
      rows={stores}
      rowKey={(store) => store.id}
      rowPath={(store) => storePath(store.id)}
      empty={
        <StateNotice kind="empty" title="This estate has no stores">
          Declare them as locations of kind “store” in the estate file; docs/stores.md tells how their tills forward
          batches.
        </StateNotice>
      }
    />
  );
}
