/** One column of a listing for people: its head and how to read it from a row. */
export interface Column<Row> {
  head: string;
  of: (row: Row) => string;
  right?: boolean;
}

/** Prints rows as an aligned table, or as one JSON array for programs. */
export function printRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], json: boolean): void {
  if (json) {
    printJson(rows);
    return;
  }
  const cells = rows.map((row) => columns.map((column) => column.of(row)));
  const widths = columns.map((column, i) =>
    Math.max(column.head.length, ...cells.map((line) => (line[i] ?? '').length)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (columns[i]?.right ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  console.log(line(columns.map((column) => column.head)));
  for (const texts of cells) console.log(line(texts));
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

export function printJsonLine(value: unknown): void {
  console.log(JSON.stringify(value));
}
