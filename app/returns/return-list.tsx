import { Link } from '@remix-run/react';
import { CountdownMark } from '#app/components/countdown.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { casePath, orderPath } from '#app/orders/paths.ts';
import { transactionPath } from '#app/transactions/paths.ts';
import type { ReturnLine, ReturnsView } from '#app/presenters/returns.ts';
import { returnPageSize } from './paths.ts';
import { ReturnState } from './return-state.tsx';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<ReturnLine>[] = [
  {
    id: 'number',
    header: 'Return',
    sortable: true,
    fixed: true,
    fills: true,
    cell: (line) => (
      <Link
        to={transactionPath('return_to_refund', line.key)}
        prefetch="intent"
        title={line.key}
        className="hover:text-accent"
      >
        {line.number}
      </Link>
    ),
  },
  { id: 'state', header: 'State', cell: (line) => <ReturnState line={line} /> },
  {
    id: 'order',
    header: 'Order',
    sortable: true,
    cell: (line) =>
      line.orderKey === '' ? (
        none
      ) : (
        <Link to={orderPath(line.orderKey)} prefetch="intent" className="hover:text-accent">
          {line.orderNumber}
        </Link>
      ),
  },
  { id: 'channel', header: 'Channel', sortable: true, wideOnly: true, cell: (line) => line.channel || none },
  {
    id: 'refund',
    header: 'Refund',
    numeric: true,
    sortable: true,
    cell: (line) => (line.currency === '' ? none : <Money amount={line.amount} currency={line.currency} />),
  },
  {
    id: 'requested',
    header: 'Asked for',
    sortable: true,
    wideOnly: true,
    cell: (line) => <RelativeTime at={line.requestedAt} />,
  },
  {
    id: 'due',
    header: 'Due',
    sortable: true,
    cell: (line) => (line.deadline === '' ? none : <CountdownMark deadline={line.deadline} />),
  },
];

/** A row leads to the return's case or, without one, to the return. */
const placeOf = ({ caseId, key }: ReturnLine): string =>
  caseId !== '' ? casePath(caseId) : transactionPath('return_to_refund', key);

/** Returns, filtered, sorted and paged by the server; those in trouble first where no order is asked for. */
export function ReturnList({ view }: { view: ReturnsView }) {
  return (
    <DataTable
      label="Returns"
      columns={columns}
      rows={view.returns}
      rowKey={(line) => line.key}
      rowPath={placeOf}
      paging={{ page: view.page, pageSize: returnPageSize, total: view.total }}
      empty={
        <StateNotice kind="empty" title={view.filtered ? 'No return matches' : 'Nothing was returned within 90 days'}>
          {view.filtered
            ? 'Remove a filter.'
            : 'Channels and stores ask for them through the API, warehouses tell of goods that came back, shops of refunds they gave.'}
        </StateNotice>
      }
    />
  );
}
