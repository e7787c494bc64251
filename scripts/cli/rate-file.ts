import { CsvError, parse } from 'csv-parse/sync';
import { type DatedRate, datedRate } from '#contracts/v1/rate.ts';

interface RateRow {
  /** In the file, from 1. */
  line: number;
  rate: DatedRate;
}

/** What is wrong with a file of rates, by line. */
export class RateFileError extends Error {
  override name = 'RateFileError';
  readonly problems: readonly { line: number; message: string }[];

  constructor(problems: readonly { line: number; message: string }[]) {
    super('The file of rates is not right.');
    this.problems = problems;
  }
}

const columns = ['day', 'currency', 'rate'] as const;

/**
 * The rates of a CSV file (RFC 4180) whose first line names the columns day, currency and rate, in any order; others are
 * passed over. @throws RateFileError naming every line that is wrong.
 */
export function readRateFile(text: string): RateRow[] {
  const [head, ...records] = recordsOf(text);
  const names = (head?.record ?? []).map((name) => name.trim().toLowerCase());
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new RateFileError([{ line: 1, message: `The first line has to name the columns ${missing.join(', ')}.` }]);
  if (records.length === 0) throw new RateFileError([{ line: 2, message: 'There is no row below the first line.' }]);
  const problems: { line: number; message: string }[] = [];
  const rows = records.flatMap(({ record, line }): RateRow[] => {
    if (record.length !== names.length) {
      problems.push({ line, message: `has ${record.length} columns; the first line names ${names.length}.` });
      return [];
    }
    const parsed = datedRate.safeParse(
      Object.fromEntries(columns.map((name) => [name, record[names.indexOf(name)]?.trim() ?? ''])),
    );
    if (parsed.success) return [{ line, rate: parsed.data }];
    for (const { path, message } of parsed.error.issues)
      problems.push({ line, message: `${path.join('.')}: ${message}` });
    return [];
  });
  if (problems.length > 0) throw new RateFileError(problems);
  return rows;
}

function recordsOf(text: string): { record: string[]; line: number }[] {
  let begin = 1;
  try {
    // A line break of two characters within quotes would count as two lines.
    const records = parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      info: true,
      relax_column_count: true,
    }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return records
      .map(({ record, info }) => {
        const line = begin;
        begin = info.lines + 1;
        return { record, line };
      })
      .filter(({ record }) => record.length > 1 || record[0]?.trim() !== '');
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new RateFileError([{ line: Number(error['lines'] ?? 1), message: error.message }]);
  }
}
