import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import type { ItemLine } from '#app/presenters/inventory-items.ts';
import { Drifts, signed } from './drifts.tsx';
import { itemPageSize } from './paths.ts';

const none = <span className="text-muted">–</span>;
const units = (value: number | undefined) => (value === undefined ? none : formatNumber(value));
const when = (at: string) => (at === '' ? none : <RelativeTime at={at} />);

const columns: readonly TableColumn<ItemLine>[] = [
  {
    id: 'sku',
    header: 'SKU',
    fixed: true,
    sortable: true,
    cell: (item) => (
      <Link to={item.path} prefetch="intent" className="font-mono text-[12px] hover:text-accent">
        {item.sku}
      </Link>
    ),
  },
  { id: 'location', header: 'Location', sortable: true, wideOnly: true, cell: (item) => item.location },
  { id: 'channel', header: 'Channel', sortable: true, cell: (item) => item.channel },
  { id: 'state', header: 'State', cell: (item) => <StatusMark condition={item.condition} word={item.word} /> },
  {
    id: 'hand',
    header: 'On hand',
    numeric: true,
    wideOnly: true,
    atFirst: 'hidden',
    cell: (item) => units(item.onHand),
  },
  {
    id: 'reserved',
    header: 'Reserved',
    numeric: true,
    wideOnly: true,
    atFirst: 'hidden',
    cell: (item) => units(item.reserved),
  },
  { id: 'sellable', header: 'Sellable', about: figures.sellable, numeric: true, cell: (item) => units(item.sellable) },
  { id: 'published', header: 'Told', numeric: true, wideOnly: true, cell: (item) => units(item.published) },
  {
    id: 'apart',
    header: 'Told − sellable',
    numeric: true,
    wideOnly: true,
    cell: ({ apart }) =>
      apart === undefined ? none : <span className={apart === 0 ? 'text-muted' : ''}>{signed(apart)}</span>,
  },
  { id: 'since', header: 'Waits since', sortable: true, wideOnly: true, cell: (item) => when(item.waitsSince) },
  { id: 'changed', header: 'Newest change', wideOnly: true, cell: (item) => when(item.changedAt) },
  { id: 'confirmed', header: 'Confirmed', sortable: true, wideOnly: true, cell: (item) => when(item.confirmedAt) },
  {
    id: 'drift',
    header: 'Drift, ERP, WMS, channel',
    about: figures.drift,
    wideOnly: true,
    fills: true,
    cell: (item) => <Drifts drifts={item.drifts} />,
  },
];

interface Props {
  items: readonly ItemLine[];
  page: number;
  total: number;
  filtered: boolean;
}

/** Items, filtered, sorted and paged by the server. */
export function ItemList({ items, page, total, filtered }: Props) {
  return (
    <DataTable
      label="Items"
      columns={columns}
      rows={items}
      rowKey={(item) => item.id}
      rowPath={(item) => item.path}
      sort={{ id: 'since', descending: false }}
      paging={{ page, pageSize: itemPageSize, total }}
      empty={
        <StateNotice kind="empty" title={filtered ? 'No item is like this' : 'No item is known yet'}>
          {filtered
            ? 'Remove a filter. Where stale items were asked for, every channel shows the newest stock or is within the target.'
            : 'Items appear with their first change of stock.'}
        </StateNotice>
      }
    />
  );
}
