import { Link, useLocation, useNavigate } from '@remix-run/react';
import { clsx } from 'clsx';
import { ArrowDown, ArrowUp, Check, ChevronLeft, ChevronRight, Columns3 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { FigureDefinition } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import { buttonClass } from './button.tsx';
import { Hint } from './hint.tsx';
import { hiddenAtFirst, withHidden, withPage, withSort, type Sort } from './table-address.ts';

interface Column {
  id: string;
  header: string;
  about?: FigureDefinition;
  numeric?: boolean;
  sortable?: boolean;
  fixed?: boolean;
  wideOnly?: boolean;
  atFirst?: 'hidden';
  width?: number;
  fills?: boolean;
}

/** A head that orders the list on a click; numbers begin with the largest. */
export function HeadCell({
  column,
  sort,
  search,
}: {
  column: Column;
  sort: Sort | undefined;
  search: URLSearchParams;
}) {
  const current = sort?.id === column.id ? sort : undefined;
  const next: Sort = { id: column.id, descending: current ? !current.descending : column.numeric === true };
  const Arrow = current?.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={current ? (current.descending ? 'descending' : 'ascending') : undefined}
      style={column.width === undefined ? undefined : { width: column.width }}
      className={clsx(
        'sticky top-0 z-10 h-8 border-b border-line-strong bg-raised px-2.5 text-label font-medium whitespace-nowrap text-muted',
        column.numeric ? 'text-right' : 'text-left',
        column.wideOnly && 'max-sm:hidden',
        column.fills && 'min-w-28 sm:min-w-56',
      )}
    >
      {column.sortable ? (
        <Link
          to={`?${withSort(search, next).toString()}`}
          preventScrollReset
          className={clsx('inline-flex items-center gap-1 hover:text-text', current && 'text-text')}
        >
          {column.header}
          {current && <Arrow aria-hidden className="size-3" />}
        </Link>
      ) : column.about ? (
        <Defined about={column.about}>{column.header}</Defined>
      ) : (
        column.header
      )}
    </th>
  );
}

/** A head that tells what its figures are. */
function Defined({ about, children }: { about: FigureDefinition; children: string }) {
  return (
    <Hint
      side="bottom"
      text={
        <>
          <strong className="font-semibold">{about.name}.</strong> {about.definition}
        </>
      }
    >
      <span tabIndex={0} className="cursor-help underline decoration-dotted underline-offset-2">
        {children}
      </span>
    </Hint>
  );
}

export interface PagingProps {
  /** From 1. */
  page: number;
  pageSize: number;
  total: number;
}

export function Paging({ page, pageSize, total, search }: PagingProps & { search: URLSearchParams }) {
  const { pathname } = useLocation();
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const first = total === 0 ? 0 : (page - 1) * pageSize + 1;
  const step = (to: number, label: string, Icon: typeof ChevronLeft) => {
    const look = buttonClass('quiet', 'w-8 px-0!');
    return to < 1 || to > pages ? (
      <span aria-hidden className={clsx(look, 'pointer-events-none opacity-40')}>
        <Icon className="size-4" />
      </span>
    ) : (
      <Link to={`${pathname}?${withPage(search, to).toString()}`} aria-label={label} className={look}>
        <Icon aria-hidden className="size-4" />
      </Link>
    );
  };
  return (
    <nav aria-label="Pages" className="flex items-center gap-1">
      {step(page - 1, 'Previous page', ChevronLeft)}
      {step(page + 1, 'Next page', ChevronRight)}
      <span className="text-muted">
        {total === 0
          ? 'none'
          : `${formatNumber(first)} to ${formatNumber(Math.min(total, page * pageSize))} of ${formatNumber(total)}`}
      </span>
    </nav>
  );
}

/** Which columns are shown, kept in the URL. */
export function ColumnChoice(props: {
  columns: readonly Column[];
  hidden: readonly string[];
  search: URLSearchParams;
}) {
  const navigate = useNavigate();
  const toggle = (id: string) => {
    const hidden = props.hidden.includes(id) ? props.hidden.filter((one) => one !== id) : [...props.hidden, id];
    navigate(`?${withHidden(props.search, hidden, hiddenAtFirst(props.columns)).toString()}`, {
      preventScrollReset: true,
      replace: true,
    });
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={buttonClass('quiet')}>
        <Columns3 aria-hidden className="size-4" />
        Columns
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 min-w-44 rounded border border-line-strong bg-raised p-1"
        >
          {props.columns
            .filter((column) => !column.fixed)
            .map(({ id, header }) => (
              <DropdownMenu.CheckboxItem
                key={id}
                checked={!props.hidden.includes(id)}
                onCheckedChange={() => toggle(id)}
                onSelect={(event) => event.preventDefault()}
                className="flex h-8 items-center gap-2 rounded px-2 outline-none select-none data-[highlighted]:bg-hover"
              >
                <span className="size-4">
                  <DropdownMenu.ItemIndicator>
                    <Check aria-hidden className="size-4" />
                  </DropdownMenu.ItemIndicator>
                </span>
                {header}
              </DropdownMenu.CheckboxItem>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
