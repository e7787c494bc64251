import { z } from 'zod';
import { queryLimits } from './limits.ts';
import type { Cell, QueryResult } from './progress.ts';

const answer = z.object({
  meta: z.array(z.object({ name: z.string(), type: z.string() })),
  data: z.array(z.array(z.unknown())),
  statistics: z.object({ elapsed: z.number(), rows_read: z.number(), bytes_read: z.number() }),
});

/** A JSONCompact answer, cut to what is shown. */
export function readAnswer(text: string): QueryResult {
  const { meta, data, statistics } = answer.parse(JSON.parse(text));
  const rows: Cell[][] = [];
  let bytes = 0;
  for (const row of data) {
    const cells = row.map(cellOf);
    bytes += cells.reduce<number>((sum, cell) => sum + String(cell).length + 1, 0);
    if (rows.length >= queryLimits.rowsShown || bytes > queryLimits.bytesShown) break;
    rows.push(cells);
  }
  return {
    columns: meta,
    rows,
    more: rows.length < data.length,
    milliseconds: Math.round(statistics.elapsed * 1_000),
    rowsRead: statistics.rows_read,
    bytesRead: statistics.bytes_read,
  };
}

const cellOf = (value: unknown): Cell =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value);
