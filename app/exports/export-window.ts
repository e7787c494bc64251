import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ClickHouse, ExportFormat } from '#platform/clickhouse/client.ts';
import { defineQuery, runQuery } from '#platform/clickhouse/query.ts';
import { invalid } from '#platform/http/problem.ts';
import { type ExportName, exportSql } from './tables.ts';

/** More than this is asked for in several windows, so that no request holds a reading connection for long. */
export const mostRows = 1_000_000;
export const mostDays = 31;
const TIME_LIMIT_S = 60;

export const exportFormats = {
  parquet: { format: 'Parquet', type: 'application/vnd.apache.parquet' },
  csv: { format: 'CSVWithNames', type: 'text/csv; charset=utf-8' },
  jsonl: { format: 'JSONEachRow', type: 'application/jsonl' },
} as const satisfies Record<string, { format: ExportFormat; type: string }>;
export type ExportFormatName = keyof typeof exportFormats;
export const exportFormatNames = Object.keys(exportFormats) as [ExportFormatName, ...ExportFormatName[]];

/** What is asked for: [from, to). */
export interface ExportWindow {
  name: ExportName;
  format: ExportFormatName;
  from: Date;
  to: Date;
}

export interface ExportFile {
  /** Media type. */
  type: string;
  fileName: string;
  bytes: Readable;
}

const window = z.object({ from: z.string(), to: z.string() });
const counted = (name: ExportName) =>
  defineQuery({
    name: `export_count_${name}`,
    sql: exportSql(name).count,
    params: window,
    row: z.object({ rows: z.number() }),
    timeLimit: TIME_LIMIT_S,
  });

/**
 * All rows of a table whose time lies in [from, to), as a file.
 * @throws Refused 422 for a window that is none, too long or too full, with what to ask instead.
 */
export async function exportWindow(
  clickhouse: ClickHouse,
  { name, format, from, to }: ExportWindow,
): Promise<ExportFile> {
  const days = (to.getTime() - from.getTime()) / 86_400_000;
  if (days <= 0) throw refuse('to', 'must lie after `from`; the window is [from, to)');
  if (days > mostDays) throw refuse('to', `at most ${mostDays} days are exported at once; ask for several windows`);
  const params = { from: from.toISOString(), to: to.toISOString() };
  const rows = (await runQuery(clickhouse, counted(name), params))[0]?.rows ?? 0;
  if (rows > mostRows)
    throw refuse('to', `the window holds ${rows} rows and at most ${mostRows} are exported at once; shorten it`);
  const { format: written, type } = exportFormats[format];
  return {
    type,
    fileName: `${name}-${day(from)}-${day(to)}.${format}`,
    bytes: await clickhouse.exportRows(exportSql(name).rows, written, { params, timeLimit: TIME_LIMIT_S }),
  };
}

const day = (at: Date): string => at.toISOString().slice(0, 16).replace(/[-:]/g, '');
const refuse = (path: string, message: string) => invalid('This window is not exported.', [{ path, message }]);
