import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { StoreDayView, StoreView } from '#app/presenters/stores.ts';
import { casePath } from '#app/orders/paths.ts';
import { transactionPath } from '#app/transactions/paths.ts';
import { DayState } from './day-state.tsx';
import { storePath } from './paths.ts';

const days: readonly TableColumn<StoreDayView>[] = [
  { id: 'date', header: 'Day', fixed: true, cell: (day) => day.date },
  { id: 'state', header: 'Journal', cell: (day) => <DayState day={day} /> },
  {
    id: 'takings',
    header: 'Takings',
    numeric: true,
    cell: (day) => <Money amount={day.takings} currency={day.currency} />,
  },
  {
    id: 'tax',
    header: 'Tax',
    numeric: true,
    wideOnly: true,
    cell: (day) => <Money amount={day.tax} currency={day.currency} />,
  },
  { id: 'receipts', header: 'Receipts', numeric: true, wideOnly: true, cell: (day) => formatNumber(day.receipts) },
  { id: 'batches', header: 'Batches', numeric: true, wideOnly: true, cell: (day) => formatNumber(day.batches) },
  {
    id: 'document',
    header: 'Journal entry',
    wideOnly: true,
    cell: (day) => (day.document === '' ? <span className="text-muted">–</span> : <Identifier value={day.document} />),
  },
];

const batches: readonly TableColumn<StoreView['batches'][number]>[] = [
  { id: 'sequence', header: 'Batch', numeric: true, fixed: true, cell: (batch) => formatNumber(batch.sequence) },
  { id: 'date', header: 'Day', cell: (batch) => (batch.endsDay ? `${batch.date}, its end` : batch.date) },
  { id: 'receipts', header: 'Receipts', numeric: true, cell: (batch) => formatNumber(batch.receipts) },
  { id: 'made', header: 'Made', wideOnly: true, cell: (batch) => <RelativeTime at={batch.generatedAt} /> },
  { id: 'taken', header: 'Taken', wideOnly: true, cell: (batch) => <RelativeTime at={batch.takenAt} /> },
  { id: 'kept', header: 'Kept then', numeric: true, wideOnly: true, cell: (batch) => formatNumber(batch.backlog) },
];

/** A store's days, each with its journal, and the batches they came in. */
export function StorePage({ store }: { store: StoreView }) {
  const nothing = (
    <StateNotice kind="empty" title="Nothing has come from this store within 14 days">
      Look whether its tills have a line, and whether their back office forwards with the right secret.
    </StateNotice>
  );
  return (
    <Page title={store.name} lead={`${store.ownership} store of ${store.entity}, the last 14 days`}>
      <DataTable
        label="Days"
        columns={days}
        rows={store.days}
        rowKey={(day) => day.key}
        rowPath={(day) => (day.caseId === '' ? transactionPath('store_settlement', day.key) : casePath(day.caseId))}
        empty={nothing}
      />
      {store.batches.length > 0 && (
        <DataTable
          label="Batches"
          columns={batches}
          rows={store.batches}
          rowKey={(batch) => batch.id}
          rowPath={() => storePath(store.id)}
          empty={nothing}
        />
      )}
    </Page>
  );
}
