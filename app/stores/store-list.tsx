import { Link, useLocation } from '@remix-run/react';
import { CsvLink } from '#app/components/csv-link.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { StoreLine, StoreListView } from '#app/presenters/stores.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { DayState } from './day-state.tsx';
import { storePath } from './paths.ts';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<StoreLine>[] = [
  {
    id: 'store',
    header: 'Store',
    fixed: true,
    fills: true,
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
  { id: 'region', header: 'Region', atFirst: 'hidden', wideOnly: true, cell: (store) => store.region },
  { id: 'company', header: 'Company', atFirst: 'hidden', wideOnly: true, cell: (store) => store.company },
];

const noStores = (
  <StateNotice kind="empty" title="This estate has no stores">
    Declare them as locations of kind “store” in the estate file; docs/stores.md tells how their tills forward batches.
  </StateNotice>
);
const noneSuch = (
  <StateNotice kind="empty" title="No store is like this">
    Take a filter away, or look for another name.
  </StateNotice>
);

/** The stores that are asked for, at a glance. @param all stores of the estate */
export function StoreList({ stores, all, options }: Pick<StoreListView, 'stores' | 'all' | 'options'>) {
  const { search } = useLocation();
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <FindBox label="Find stores" placeholder="Name or number" />
        <FilterMenu name="state" label="Line" options={options.states} />
        <FilterMenu name="company" label="Company" options={options.companies} />
        <FilterMenu name="region" label="Region" options={options.regions} />
        <FilterMenu name="ownership" label="Ownership" options={options.ownerships} />
        {stores.length < all && (
          <span className="text-muted">
            {formatNumber(stores.length)} of {formatNumber(all)}
          </span>
        )}
        <span className="ml-auto flex items-center gap-2">
          <ViewsMenu list="stores" />
          <CsvLink to={`/stores/export.csv${search}`} />
        </span>
      </div>
      <DataTable
        label="Stores"
        columns={columns}
        rows={stores}
        rowKey={(store) => store.id}
        rowPath={(store) => storePath(store.id)}
        empty={all === 0 ? noStores : noneSuch}
      />
    </>
  );
}
