import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BrokenFile, readRows, type RowFile } from './rows.ts';

const csv: RowFile['mapping'] = { csv: { delimiter: ',', quote: '"', encoding: 'utf8' } };

/** What each line of a file turns out to be. */
async function read(name: string, text: string, mapping = csv): Promise<Record<number, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-rows-'));
  try {
    const path = join(folder, name);
    await writeFile(path, text);
    const byLine: Record<number, unknown> = {};
    for await (const { line, content } of readRows({ path, mapping }))
      byLine[line] = 'values' in content ? content.values : content.problem;
    return byLine;
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('a row with a misplaced quote and one that is cut short are named by their lines and take no other row with them', async () => {
  expect(await read('rows.csv', '\uFEFFa,b\n1,"two\nlines"\n3\n5,x"y\n\n6,7\n')).toEqual({
    2: { a: '1', b: 'two\nlines' },
    4: 'has 1 columns instead of 2',
    5: expect.stringContaining('Quote') as string,
    7: { a: '6', b: '7' },
  });
});

it('a quote that is never closed is named by the line at which it was opened', async () => {
  expect(await read('rows.csv', 'a,b\n1,2\n3,"x\n5,6\n')).toEqual({
    2: { a: '1', b: '2' },
    3: expect.stringContaining('Quote Not Closed') as string,
  });
  const long = `a,b\n1,2\n3,"x\n${'5,6666666666\n'.repeat(200_000)}`;
  await expect(read('rows.csv', long)).rejects.toThrow(BrokenFile);
  await expect(read('rows.csv', long)).rejects.toThrow('The row at line 3 ');
});

it('lines of NDJSON that are no objects are named, and empty ones passed over', async () => {
  expect(await read('rows.ndjson', '\uFEFF{"a":1}\n\n[1]\n{"a":\r\n{"a":2}')).toEqual({
    1: { a: '1' },
    3: 'is not a JSON object',
    4: expect.stringContaining('is not JSON') as string,
    5: { a: '2' },
  });
});

it('numbers of NDJSON keep the digits with which they are written', async () => {
  const text = '{"id":1234567890123456789,"total":10.50}\n{"id":1234567890123456790}';
  expect(await read('rows.ndjson', text)).toEqual({
    1: { id: '1234567890123456789', total: '10.50' },
    2: { id: '1234567890123456790' },
  });
});
