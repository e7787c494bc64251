import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useClock } from '#app/components/clock.tsx';
import { formatInstant } from '#app/format.ts';
import type { Cell, QueryResult, ResultColumn } from '#app/sql/progress.ts';
import { type CellKind, compareCells, groupDigits, kindOf, textOf } from './cells.ts';

const rowHeight = 32;

interface Order {
  column: number;
  descending: boolean;
}

/** A result as a table: ordered here on a click of a head, drawn only where it can be seen. */
export function ResultTable({ result }: { result: QueryResult }) {
  const { columns, rows } = result;
  const scroller = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const kinds = useMemo(() => columns.map(kindOf), [columns]);
  const sorted = useMemo(() => inOrder(rows, kinds, order), [rows, kinds, order]);
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const next = (column: number): Order | undefined => {
    const first = kinds[column] === 'number';
    if (order?.column !== column) return { column, descending: first };
    return order.descending === first ? { column, descending: !first } : undefined;
  };
  return (
    <div ref={scroller} tabIndex={0} aria-label="Result" role="region" className="max-h-[60vh] overflow-auto">
      <table className="w-full border-separate border-spacing-0" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <Head
                // Two columns of a result may have one name.
                key={`${index} ${column.name}`}
                column={column}
                kind={kinds[index] ?? 'text'}
                order={order?.column === index ? order : undefined}
                onOrder={() => setOrder(next(index))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={before} span={columns.length} />
          {items.map(({ index }) => (
            <tr key={index} aria-rowindex={index + 2} className="h-8 hover:bg-hover">
              {sorted[index]?.map((cell, column) => (
                <BodyCell key={column} cell={cell} kind={kinds[column] ?? 'text'} />
              ))}
            </tr>
          ))}
          <Gap height={after} span={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

function inOrder(rows: readonly Cell[][], kinds: readonly CellKind[], order: Order | undefined): readonly Cell[][] {
  if (order === undefined) return rows;
  const { column, descending } = order;
  const kind = kinds[column] ?? 'text';
  return [...rows].sort((a, b) => compareCells(a[column] ?? null, b[column] ?? null, kind, descending));
}

function Head(props: { column: ResultColumn; kind: CellKind; order: Order | undefined; onOrder: () => void }) {
  const { column, kind, order } = props;
  const Arrow = order?.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={order ? (order.descending ? 'descending' : 'ascending') : undefined}
      className={clsx(
        'sticky top-0 z-10 h-8 border-b border-line-strong bg-raised px-2.5 text-label font-medium whitespace-nowrap text-muted',
        kind === 'number' ? 'text-right' : 'text-left',
      )}
    >
      <button
        type="button"
        title={column.type}
        onClick={props.onOrder}
        className={clsx('inline-flex items-center gap-1 hover:text-text', order && 'text-text')}
      >
        {column.name}
        {order && <Arrow aria-hidden className="size-3" />}
      </button>
    </th>
  );
}

function BodyCell({ cell, kind }: { cell: Cell; kind: CellKind }) {
  const { timeZone } = useClock();
  const text = textOf(cell);
  const shown =
    cell === null ? '–' : kind === 'number' ? groupDigits(text) : kind === 'time' ? timeOf(text, timeZone) : text;
  return (
    <td
      title={kind === 'time' || text.length > 40 ? text : undefined}
      className={clsx(
        'max-w-96 truncate border-b border-line px-2.5 whitespace-nowrap',
        kind === 'number' && 'text-right tabular-nums',
        cell === null && 'text-muted',
      )}
    >
      {shown}
    </td>
  );
}

/** In the viewer's zone; UTC stands on hover. */
const timeOf = (text: string, timeZone: string): string =>
  Number.isNaN(Date.parse(text)) ? text : formatInstant(text, timeZone);

function Gap({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}
