import { Link, useNavigate, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useRef, type ReactNode } from 'react';
import { sortParam, withParam, type ListAddress } from '#app/lists/address.ts';
import { buttonClass } from './button.tsx';

export interface Column<Row> {
  id: string;
  /** With the unit, where there is one. */
  label: string;
  cell: (row: Row) => ReactNode;
  /** Name of the sort in the address; absent where the server cannot sort by it. */
  sort?: string;
  /** First click sorts from the largest. */
  descending?: boolean;
  number?: boolean;
  /** Kept at 390 px. */
  phone?: boolean;
  /** Cannot be hidden. */
  fixed?: boolean;
  /** Shown only when somebody chooses it. */
  optional?: boolean;
  className?: string;
}

interface ListTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf: (row: Row) => string;
  /** Where Enter and a double click lead. */
  hrefOf: (row: Row) => string;
  address: ListAddress<string>;
  /** Row whose side panel is open. */
  open: string | undefined;
  onOpen: (id: string | undefined) => void;
}

/** The columns in force: those chosen in the address, else all that are not optional. */
export function shownColumns<Row>(columns: readonly Column<Row>[], chosen: readonly string[] | undefined): Column<Row>[] {
  return columns.filter((column) => column.fixed === true || (chosen === undefined ? column.optional !== true : chosen.includes(column.id)));
}

/**
 * A list with its order and page in the address. A row opens a side panel; J and K move on, Enter opens its page,
 * Escape closes the panel.
 */
export function ListTable<Row>({ label, columns, rows, idOf, hrefOf, address, open, onOpen }: ListTableProps<Row>) {
  const shown = shownColumns(columns, address.columns);
  const body = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();
  const ids = rows.map(idOf);

  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const at = open === undefined ? -1 : ids.indexOf(open);
      const to = { j: at + 1, k: at - 1 }[event.key.toLowerCase()];
      const row = rows[at];
      if (to !== undefined) {
        const next = ids[Math.min(Math.max(to, 0), ids.length - 1)];
        if (next === undefined) return;
        event.preventDefault();
        onOpen(next);
        body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(next)}"]`)?.scrollIntoView({ block: 'nearest' });
      } else if (event.key === 'Enter' && row !== undefined && !isControl(event.target)) navigate(hrefOf(row));
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  });

  return (
    <div className="overflow-x-auto rounded border border-line bg-raised">
      <table className="w-full border-collapse" aria-label={label}>
        <thead>
          <tr className="border-b border-line bg-surface">
            {shown.map((column) => (
              <HeadCell key={column.id} column={column} address={address} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => {
            const id = idOf(row);
            return (
              <tr
                key={id}
                data-row={id}
                aria-selected={open === id}
                onClick={(event) => (isControl(event.target) ? undefined : onOpen(open === id ? undefined : id))}
                onDoubleClick={() => navigate(hrefOf(row))}
                className={clsx('h-8 cursor-default border-b border-line last:border-0 hover:bg-hover', open === id && 'bg-accent-soft')}
              >
                {shown.map((column) => (
                  <td key={column.id} className={clsx('px-3 py-1 max-sm:py-2', cellClass(column))}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return clsx(column.number && 'text-right', column.phone !== true && 'max-sm:hidden', column.className);
}

function HeadCell<Row>({ column, address }: { column: Column<Row>; address: ListAddress<string> }) {
  const [search] = useSearchParams();
  const sorted = column.sort !== undefined && column.sort === address.sort;
  const Arrow = address.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={sorted ? (address.descending ? 'descending' : 'ascending') : undefined}
      className={clsx(
        'sticky top-0 h-8 px-3 text-left text-label font-medium whitespace-nowrap text-muted',
        cellClass({ ...column, className: '' }),
      )}
    >
      {column.sort === undefined ? (
        column.label
      ) : (
        <Link
          to={withParam(search, 'sort', sortParam(address, column.sort, column.descending))}
          preventScrollReset
          className={clsx('inline-flex items-center gap-1 hover:text-text', sorted && 'text-text')}
        >
          {column.label}
          <Arrow aria-hidden className={clsx('size-3', !sorted && 'invisible')} />
        </Link>
      )}
    </th>
  );
}

/** Chooses columns; the choice stands in the address. */
export function ColumnChoice<Row>({ columns, address }: { columns: readonly Column<Row>[]; address: ListAddress<string> }) {
  const [search, setSearch] = useSearchParams();
  const shown = new Set(shownColumns(columns, address.columns).map((column) => column.id));
  const toggle = (id: string) => {
    const next = columns.filter((column) => shown.has(column.id) !== (column.id === id)).map((column) => column.id);
    setSearch(new URLSearchParams(withParam(search, 'cols', next.join(','))), { preventScrollReset: true, replace: true });
  };
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass('secondary', 'max-sm:hidden')}>
        <Columns3 aria-hidden className="size-4 text-muted" /> Columns
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={4} className="z-50 w-56 rounded border border-line-strong bg-raised p-2">
          {columns
            .filter((column) => column.fixed !== true)
            .map((column) => (
              <label key={column.id} className="flex h-8 items-center gap-2 rounded px-2 hover:bg-hover">
                <input type="checkbox" checked={shown.has(column.id)} onChange={() => toggle(column.id)} />
                {column.label}
              </label>
            ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a,button,input,select,label') !== null;
}
