import { csvLine } from '#app/csv/csv.ts';
import type { QueryResult } from '#app/sql/progress.ts';
import { textOf } from './cells.ts';

/** Saves the result that is on screen, as it is and all of it, as CSV. */
export function downloadCsv({ columns, rows }: QueryResult, name: string): void {
  const lines = [columns.map((column) => column.name), ...rows.map((row) => row.map(textOf))].map(csvLine);
  // Without the byte order mark Excel reads UTF-8 as Latin-1.
  const url = URL.createObjectURL(new Blob(['\uFEFF', ...lines], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `${name}.csv` });
  link.click();
  URL.revokeObjectURL(url);
}
