import type { Cell, QueryResult } from '#app/sql/progress.ts';
import { type CellKind, kindOf, textOf } from './cells.ts';

/** More points than this are not told apart on a screen. */
const mostPoints = 500;
/** More lines than this are not told apart by colour. */
const mostSeries = 6;

/** What is drawn of a result, by the positions of its columns. */
export interface ChartChoice {
  kind: 'lines' | 'bars';
  x: number;
  y: number;
  /** A column whose values become series of their own. */
  by: number | undefined;
}

export interface ChartData {
  /** `x` with a value of each series by its position, `s0`, `s1` … */
  points: ({ x: string } & Record<string, number | string | null>)[];
  series: string[];
  xKind: CellKind;
  /** What is not drawn, in words. */
  left: string;
}

/** What to draw first: the first number over the first time, or over the first text. Nothing without a number. */
export function firstChoice({ columns, rows }: QueryResult): ChartChoice | undefined {
  const kinds = columns.map(kindOf);
  const time = kinds.indexOf('time');
  const text = kinds.indexOf('text');
  const numbers = kinds.flatMap((kind, index) => (kind === 'number' ? [index] : []));
  const x = time >= 0 ? time : text >= 0 ? text : numbers[0];
  const y = numbers.find((index) => index !== x);
  if (x === undefined || y === undefined || rows.length < 2) return undefined;
  const repeats = new Set(rows.map((row) => textOf(row[x] ?? null))).size < rows.length;
  const other = kinds.findIndex((kind, index) => kind === 'text' && index !== x);
  const by = repeats && other >= 0 ? other : undefined;
  return { kind: time >= 0 ? 'lines' : 'bars', x, y, by };
}

/** The points of a chart; a gap where a series has no value. Pure. */
export function chartData({ columns, rows }: QueryResult, { x, y, by }: ChartChoice): ChartData {
  const seriesOf = (row: Cell[]) => (by === undefined ? (columns[y]?.name ?? '') : textOf(row[by] ?? null));
  const names = new Map(
    largest(rows.map((row) => [seriesOf(row), Number(row[y])])).map((name, index) => [name, index]),
  );
  const byX = new Map<string, ChartData['points'][number]>();
  let left = 0;
  for (const row of rows) {
    const at = textOf(row[x] ?? null);
    const known = names.get(seriesOf(row));
    const point = byX.get(at) ?? (byX.size < mostPoints ? { x: at } : undefined);
    // Two values at one place would hide one another.
    if (known === undefined || point === undefined || `s${known}` in point) {
      left++;
      continue;
    }
    byX.set(at, point);
    const value = row[y] ?? null;
    point[`s${known}`] = value === null || !Number.isFinite(Number(value)) ? null : Number(value);
  }
  const column = columns[x];
  return {
    points: [...byX.values()],
    series: [...names.keys()],
    xKind: column === undefined ? 'text' : kindOf(column),
    left:
      left === 0
        ? ''
        : `${left === 1 ? '1 row is' : `${left} rows are`} not drawn: at most the ${mostSeries} largest series, ${mostPoints} points and one value at each`,
  };
}

/** The series with the greatest sums, greatest first. */
function largest(values: readonly (readonly [string, number])[]): string[] {
  const sums = new Map<string, number>();
  for (const [name, value] of values) sums.set(name, (sums.get(name) ?? 0) + (Number.isFinite(value) ? value : 0));
  return [...sums.entries()]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostSeries)
    .map(([name]) => name);
}
