import type { Place } from './refused.ts';

/** Arrays, tuples and maps are given as JSON text; 64-bit integers and decimals as text, which is exact. */
export type Cell = string | number | boolean | null;

export interface ResultColumn {
  name: string;
  /** As ClickHouse calls it: DateTime64(3, 'UTC'). */
  type: string;
}

export interface QueryResult {
  columns: ResultColumn[];
  rows: Cell[][];
  /** There are more rows than these. */
  more: boolean;
  milliseconds: number;
  rowsRead: number;
  bytesRead: number;
}

/** What the page is told of a query, a line each, until it is done or refused. */
export type QueryProgress =
  | { state: 'waiting'; place: number }
  | { state: 'running' }
  | { state: 'done'; result: QueryResult }
  | { state: 'refused'; message: string; place?: Place };
