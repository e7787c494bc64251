/**
 * One CSV line (RFC 4180, CRLF). A cell a spreadsheet would run as a formula is preceded by an apostrophe
 * (OWASP "CSV injection"); plain numbers, negative ones too, are left alone so that they stay numbers.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A download that is written as rows come: `pages` yields rows page by page, so that a long list neither waits for its
 * last row nor sits in memory. Begins with a byte order mark, without which Excel reads UTF-8 as Latin-1.
 */
export function csvResponse(
  name: string,
  head: readonly string[],
  pages: AsyncIterable<readonly (readonly (string | number)[])[]>,
): Response {
  const encoder = new TextEncoder();
  const iterator = pages[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`\uFEFF${csvLine(head)}`));
    },
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value.map(csvLine).join('')));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
