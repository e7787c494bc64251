import type { Cell, ResultColumn } from '#app/sql/progress.ts';

export type CellKind = 'number' | 'time' | 'text';

/** What a column holds, by ClickHouse's type without its wrappers. */
export function kindOf({ type }: Pick<ResultColumn, 'type'>): CellKind {
  const plain = type.replace(/^(?:(?:Nullable|LowCardinality|SimpleAggregateFunction)\((?:\w+, )?)+/, '');
  if (/^(U?Int\d+|Float\d+|BFloat16|Decimal)/.test(plain)) return 'number';
  return /^DateTime/.test(plain) ? 'time' : 'text';
}

/** A cell as text, exact: as it is exported. */
export const textOf = (cell: Cell): string => (cell === null ? '' : String(cell));

/** A number with groups of three, none of its digits lost: "18,446,744,073,709,551,615", "−0.30". */
export function groupDigits(text: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return whole === '' ? text : `${sign === '' ? '' : '−'}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}

/** Order of two cells; nothing comes last either way. */
export function compareCells(a: Cell, b: Cell, kind: CellKind, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = kind === 'number' ? Number(a) - Number(b) : textOf(a).localeCompare(textOf(b), 'en', { numeric: true });
  return descending ? -order : order;
}
