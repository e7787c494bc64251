import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Instant } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { StockChangeLine, StockChangesView } from '#app/presenters/stock-changes.ts';
import { changePageSize } from './paths.ts';

const none = <span className="text-muted">–</span>;

const shared: readonly TableColumn<StockChangeLine>[] = [
  { id: 'at', header: 'When', fixed: true, cell: (one) => <Instant at={one.at} /> },
  { id: 'location', header: 'Location', wideOnly: true, cell: (one) => one.location },
  {
    id: 'kind',
    header: 'What',
    cell: (one) => (
      <span title={one.error}>
        <StatusMark condition={one.condition} word={one.word} />
      </span>
    ),
  },
  {
    id: 'why',
    header: 'Which channel, or why',
    wideOnly: true,
    fills: true,
    cell: (one) => <Why change={one} />,
  },
  {
    id: 'told',
    header: 'Told',
    numeric: true,
    cell: (one) => (one.told === undefined ? none : formatNumber(one.told)),
  },
  {
    id: 'latency',
    header: 'Latency',
    about: figures.publicationLatency,
    numeric: true,
    wideOnly: true,
    cell: (one) => (one.latencyMs === undefined ? none : formatDuration(one.latencyMs)),
  },
  { id: 'hand', header: 'On hand', numeric: true, wideOnly: true, cell: (one) => formatNumber(one.onHand) },
  { id: 'reserved', header: 'Reserved', numeric: true, wideOnly: true, cell: (one) => formatNumber(one.reserved) },
  {
    id: 'transit',
    header: 'In transit',
    numeric: true,
    wideOnly: true,
    atFirst: 'hidden',
    cell: (one) => formatNumber(one.inTransit),
  },
  { id: 'offerable', header: 'Offerable', numeric: true, wideOnly: true, cell: (one) => formatNumber(one.offerable) },
];

const sku: TableColumn<StockChangeLine> = {
  id: 'sku',
  header: 'SKU',
  fixed: true,
  cell: (one) => (
    <Link to={one.path} prefetch="intent" className="font-mono text-[12px] hover:text-accent">
      {one.sku}
    </Link>
  ),
};

const withSku = [...shared.slice(0, 1), sku, ...shared.slice(1)];

/** The channel that was told or what it answered; or the reason, and the orders and messages behind it. */
function Why({ change }: { change: StockChangeLine }) {
  return (
    <>
      {change.channel}
      {change.error !== '' && <span className="ml-2 text-bad">{change.error}</span>}
      {change.reason}
      {change.causes.map(({ label, title, path }) =>
        path === '' ? (
          <span key={title} title={title} className="ml-2 font-mono text-[12px] text-muted">
            {label}
          </span>
        ) : (
          <Link key={title} to={path} title={title} className="ml-2 font-mono text-[12px] text-accent hover:underline">
            {label}
          </Link>
        ),
      )}
    </>
  );
}

/** Changes of stock and what channels were told, the newest first. `ofOne`: all are of one SKU. */
export function ChangeList({ view, ofOne }: { view: StockChangesView; ofOne: boolean }) {
  return (
    <DataTable
      label="Stock changes"
      columns={ofOne ? shared : withSku}
      rows={view.changes}
      rowKey={(one) => one.id}
      rowPath={(one) => one.path}
      paging={{ page: view.page, pageSize: changePageSize, total: view.total }}
      empty={
        <StateNotice
          kind="empty"
          title={view.filtered ? 'No change is like this' : `Nothing changed in ${view.within}`}
        >
          {view.filtered ? 'Remove a filter, or choose a longer time.' : 'Choose a longer time.'}
        </StateNotice>
      }
    />
  );
}
