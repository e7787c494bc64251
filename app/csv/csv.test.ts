import { describe, expect, it } from 'vitest';
import { csvLine, csvResponse } from './csv.ts';

describe('CSV export', () => {
  it('quotes what needs quotes and doubles quotes inside', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', 5])).toBe('a,"b,c","say ""hi""","two\nlines",5\r\n');
  });
  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '＝1'])('disarms a cell a spreadsheet would run: %j', (cell) => {
    expect(csvLine([cell])).toMatch(/^"?'/);
  });
  it('keeps negative numbers numbers', () => {
    expect(csvLine(['-12.50', '+3', -4])).toBe('-12.50,+3,-4\r\n');
  });
  it('streams pages and is cancelled with its reader', async () => {
    let closed = false;
    async function* pages() {
      try {
        for (let page = 0; ; page++) yield await Promise.resolve([[`row ${page}`]]);
      } finally {
        closed = true;
      }
    }
    const reader = csvResponse('orders.csv', ['Order'], pages()).body?.getReader();
    const decode = (chunk?: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(chunk);
    expect(decode((await reader?.read())?.value)).toBe('\uFEFFOrder\r\n');
    expect(decode((await reader?.read())?.value)).toBe('row 0\r\n');
    await reader?.cancel();
    expect(closed).toBe(true);
  });
});
