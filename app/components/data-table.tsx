import { useNavigate, useSearchParams } from '@remix-run/react';
import {
  columnVisibilityFeature,
  createColumnHelper,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { useMemo, useRef, type ReactNode } from 'react';
import type { FigureDefinition } from '#app/figures.ts';
import { ColumnChoice, HeadCell, Paging, type PagingProps } from './data-table-parts.tsx';
import { hiddenAtFirst, readListAddress, type Sort } from './table-address.ts';
import { useRowKeys } from './use-row-keys.ts';

export interface TableColumn<Row> {
  id: string;
  /** With the unit, where there is one: "Amount, USD". */
  header: string;
  cell: (row: Row) => ReactNode;
  /** What its figures are, on hover of the head. */
  about?: FigureDefinition;
  /** Numbers stand at the right. */
  numeric?: boolean;
  /** The server can order by it. */
  sortable?: boolean;
  /** Always shown: it names the row. */
  fixed?: boolean;
  /** Left out below 640 px. */
  wideOnly?: boolean;
  /** Shown only once it was chosen under "Columns". */
  atFirst?: 'hidden';
  /** Room in pixels; default: what the content needs. */
  width?: number;
  /** Takes the room that is left; on a phone its text may take three lines. One column of a table at most. */
  fills?: boolean;
}

export interface Selection {
  keys: ReadonlySet<string>;
  onChange: (keys: ReadonlySet<string>) => void;
}

export interface DataTableProps<Row extends object> {
  /** What the rows are, for screen readers: "Orders". */
  label: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The row's own page: Enter and a double click go there. */
  rowPath: (row: Row) => string;
  /** A click; without it a click goes to the page. */
  onOpen?: (row: Row) => void;
  /** J and K came to a row. */
  onActive?: (row: Row) => void;
  /** Order in force when the URL names none. */
  sort?: Sort;
  paging?: PagingProps;
  selection?: Selection;
  /** Shown where there are no rows. */
  empty: ReactNode;
  className?: string;
}

const rowHeight = 32;
const virtualFrom = 200;
const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature });

/**
 * A list whose page, order and columns live in the URL and are worked out by the server. J and K move, Enter opens,
 * X selects. More than 200 rows are drawn only where they can be seen.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, selection } = props;
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const sortable = columns.filter((column) => column.sortable).map((column) => column.id);
  const address = readListAddress(search, sortable, props.sort, hiddenAtFirst(columns));
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(
      columns.map(({ id, header, cell, fixed }) =>
        helper.display({ id, header, enableHiding: fixed !== true, cell: ({ row }) => cell(row.original) }),
      ),
    );
  }, [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    manualSorting: true,
    state: {
      columnVisibility: Object.fromEntries(address.hidden.map((id) => [id, false])),
      sorting: address.sort ? [{ id: address.sort.id, desc: address.sort.descending }] : [],
    },
  });
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const modelRows = table.getRowModel().rows;
  const virtual = modelRows.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: virtual ? modelRows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });

  const goTo = (row: Row) => navigate(props.rowPath(row));
  const open = props.onOpen ?? goTo;
  const toggle = (key: string) => {
    if (!selection) return;
    const keys = new Set(selection.keys);
    if (!keys.delete(key)) keys.add(key);
    selection.onChange(keys);
  };
  const active = useRowKeys({
    count: rows.length,
    onEnter: (index) => withRow(index, goTo),
    onSelect: (index) => withRow(index, (row) => toggle(rowKey(row))),
    onMove: (index) => {
      if (props.onActive) withRow(index, props.onActive);
      if (virtual) virtualizer.scrollToIndex(index);
      scroller.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' });
    },
  });
  function withRow(index: number, act: (row: Row) => void): void {
    const row = rows[index];
    if (row) act(row);
  }

  const items = virtualizer.getVirtualItems();
  const shown = virtual ? items.map(({ index }) => index) : modelRows.map((_, index) => index);
  const before = virtual ? (items[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const visible = table.getVisibleLeafColumns();
  const span = visible.length + (selection ? 1 : 0);

  return (
    <div className={clsx('min-w-0 rounded border border-line bg-raised', props.className)}>
      {/* Scrolled by the arrow keys too, where no cell holds anything to go to. Below it there is room for the pages and
          for the banner of incidents, also while there is none: nothing moves when it comes. */}
      <div
        ref={scroller}
        role="group"
        aria-label={props.label}
        tabIndex={0}
        className="relative max-h-[calc(100dvh-246px)] overflow-auto rounded-t"
      >
        <table
          aria-label={props.label}
          aria-rowcount={props.paging?.total ?? rows.length}
          className="w-full border-separate border-spacing-0"
        >
          <thead>
            <tr>
              {selection && (
                <th className="sticky top-0 z-10 w-9 border-b border-line-strong bg-raised px-2 text-left">
                  <input
                    type="checkbox"
                    aria-label="Select all rows shown"
                    className="accent-accent"
                    checked={rows.length > 0 && rows.every((row) => selection.keys.has(rowKey(row)))}
                    onChange={(event) => selection.onChange(new Set(event.target.checked ? rows.map(rowKey) : []))}
                  />
                </th>
              )}
              {visible.map(({ id }) => {
                const column = byId.get(id);
                return column && <HeadCell key={id} column={column} sort={address.sort} search={search} />;
              })}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Gap height={before} span={span} />}
            {shown.map((index) => {
              const row = modelRows[index];
              if (!row) return null;
              return (
                <tr
                  key={row.id}
                  data-index={index}
                  aria-rowindex={index + 1}
                  aria-selected={selection?.keys.has(row.id)}
                  onClick={(event) => {
                    if ((event.target as Element).closest('a, button, input, label')) return;
                    active.set(index);
                    open(row.original);
                  }}
                  onDoubleClick={() => goTo(row.original)}
                  className={clsx(
                    'h-8 cursor-pointer hover:bg-hover',
                    index === active.index && 'bg-accent-soft outline outline-accent -outline-offset-1',
                  )}
                >
                  {selection && (
                    <td className="border-b border-line px-2">
                      <input
                        type="checkbox"
                        aria-label={`Select ${row.id}`}
                        className="accent-accent"
                        checked={selection.keys.has(row.id)}
                        onChange={() => toggle(row.id)}
                      />
                    </td>
                  )}
                  {row.getVisibleCells().map((cell) => {
                    const column = byId.get(cell.column.id);
                    return (
                      <td
                        key={cell.id}
                        className={clsx(
                          'border-b border-line px-2.5',
                          column?.fills ? 'w-full max-w-0 max-sm:py-1' : 'max-w-80 truncate whitespace-nowrap',
                          column?.numeric && 'text-right',
                          column?.wideOnly && 'max-sm:hidden',
                        )}
                      >
                        {column?.fills ? (
                          <div className="max-sm:line-clamp-3 sm:truncate">
                            <table.FlexRender cell={cell} />
                          </div>
                        ) : (
                          <table.FlexRender cell={cell} />
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
            {after > 0 && <Gap height={after} span={span} />}
          </tbody>
        </table>
        {rows.length === 0 && props.empty}
      </div>
      <footer
        className={clsx(
          'flex min-h-10 flex-wrap items-center gap-3 border-t border-line px-2.5 py-1',
          !props.paging && 'max-sm:hidden',
        )}
      >
        {props.paging && <Paging {...props.paging} search={search} />}
        <span className="ml-auto hidden sm:block">
          <ColumnChoice columns={columns} hidden={address.hidden} search={search} />
        </span>
      </footer>
    </div>
  );
}

function Gap({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}
