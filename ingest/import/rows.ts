import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type InfoRecord, parse } from 'csv-parse';
import { parseExactJson } from '#platform/exact-json.ts';
import { notJson } from '../not-json.ts';
import type { ImportMapping } from './mapping.ts';

/** One row of a file, or what of it is no row. */
export interface Row {
  /** Where it begins, from 1. */
  line: number;
  /** As it stands in the file. */
  raw: string;
  /** Numbers are the text they are written as: ids exceed what a float holds. */
  content: { values: Record<string, unknown> } | { problem: string };
}

export interface RowFile {
  path: string;
  mapping: Pick<ImportMapping, 'format' | 'csv'>;
  /** Told how far the file has been read. */
  onRead?: (bytes: number) => void;
}

/** A row longer than this is none: a quote that is never closed takes the rest of the file. */
const LONGEST_ROW = 1_000_000;

/** A file of which nobody can tell where its rows end. */
export class BrokenFile extends Error {
  override name = 'BrokenFile';
}

/** The rows of a file in its order, without holding the file. */
export function readRows(file: RowFile): AsyncIterable<Row> {
  const format = file.mapping.format ?? (file.path.endsWith('.csv') ? 'csv' : 'ndjson');
  return format === 'csv' ? readCsv(file) : readNdjson(file);
}

function open({ path, onRead }: RowFile) {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (onRead !== undefined) stream.on('data', () => onRead(stream.bytesRead));
  return stream;
}

async function* readNdjson(file: RowFile): AsyncGenerator<Row> {
  let line = 0;
  for await (const raw of createInterface({ input: open(file), crlfDelay: Infinity })) {
    line++;
    if (raw.trim() !== '') yield { line, raw, content: objectOf(line === 1 ? raw.replace(/^\uFEFF/, '') : raw) };
  }
}

function objectOf(raw: string): Row['content'] {
  try {
    const values: unknown = parseExactJson(raw);
    if (typeof values === 'object' && values !== null && !Array.isArray(values))
      return { values: values as Record<string, unknown> };
    return { problem: 'is not a JSON object' };
  } catch {
    return { problem: notJson(raw) };
  }
}

interface CsvRecord {
  record: string[];
  raw: string;
  info: Pick<InfoRecord, 'lines'>;
}

async function* readCsv(file: RowFile): AsyncGenerator<Row> {
  const { delimiter, quote, columns, encoding } = file.mapping.csv;
  const skipped: Row[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    quote,
    encoding,
    info: true,
    raw: true,
    skip_empty_lines: true,
    // How many columns a row has is judged below: one with too few must not end the reading.
    relax_column_count: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_ROW,
    on_skip: (error, raw = '') => {
      const line = beginOf(Number(error?.['lines'] ?? 0), raw);
      skipped.push({ line, raw: textOf(raw), content: { problem: error?.message ?? 'is not CSV' } });
      if (error?.code === 'CSV_MAX_RECORD_SIZE')
        parser.destroy(
          new BrokenFile(`The row at line ${line} is longer than ${LONGEST_ROW} characters: a quote is not closed.`),
        );
    },
  });
  const source = open(file);
  source.once('error', (error) => parser.destroy(error));
  let heads = columns;
  for await (const { record, raw, info } of source.pipe(parser) as AsyncIterable<CsvRecord>) {
    yield* skipped.splice(0);
    if (heads === undefined) heads = record;
    else yield { line: beginOf(info.lines, raw), raw: textOf(raw), content: valuesOf(heads, record) };
  }
  yield* skipped;
}

/** Without the ends of lines around it: empty lines before a row are given with it. */
const textOf = (raw: string): string => raw.replace(/^[\r\n]+|[\r\n]+$/g, '');

/** The parser counts the lines at which rows end. */
const beginOf = (end: number, raw: string): number => end - (textOf(raw).match(/\n/g)?.length ?? 0);

function valuesOf(heads: readonly string[], record: readonly string[]): Row['content'] {
  if (record.length !== heads.length) return { problem: `has ${record.length} columns instead of ${heads.length}` };
  return { values: Object.fromEntries(heads.map((head, i) => [head, record[i]])) };
}
