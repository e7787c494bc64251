import { ClickHouseFailure } from '#platform/clickhouse/client.ts';
import { queryTables } from '#platform/clickhouse/query-tables.ts';
import { queryLimits } from './limits.ts';
import { placeOfByte, placeOfName, QueryRefused } from './refused.ts';

const SYNTAX_ERROR = 62;
const UNKNOWN_TABLE = 60;
const UNKNOWN_DATABASE = 81;
const UNKNOWN_IDENTIFIER = 47;

/** Limits, said as the page says them. */
const limitWords: Readonly<Record<number, string>> = {
  158: `It would read more than ${queryLimits.rowsRead / 1_000_000} million rows. Bound the time, such as at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}.`,
  159: `It was stopped after ${queryLimits.seconds} seconds. Bound the time or ask for less.`,
  160: `It would take longer than ${queryLimits.seconds} seconds. Bound the time or ask for less.`,
  241: `It needs more than ${queryLimits.memoryBytes / 1_000_000_000} GB of memory. Group by less, or bound the time.`,
  307: `It would read more than ${queryLimits.bytesRead / 1_000_000_000} GB. Name fewer columns or bound the time.`,
  394: 'It was stopped.',
  306: 'It is nested too deeply.',
  167: 'It is nested too deeply.',
  168: 'It has too many parts.',
  115: 'A query cannot change settings: take the SETTINGS clause away.',
  164: 'A query cannot change settings: take the SETTINGS clause away.',
  452: 'A query cannot change settings: take the SETTINGS clause away.',
  456: 'Only {from:DateTime64(3)} and {to:DateTime64(3)} are given values: the time range of the page.',
};

/**
 * Codes whose message speaks of the query alone: an unknown name, a wrong type or number of arguments, a value that cannot
 * be read, an aggregate where none may be.
 */
const ofTheQuery = new Set([
  6, 8, 10, 15, 16, 20, 27, 35, 36, 38, 41, 42, 43, 44, 46, 47, 48, 49, 50, 53, 62, 63, 69, 70, 72, 130, 131, 138, 152,
  153, 179, 183, 184, 190, 207, 215, 258, 321, 349, 352, 386, 395, 403, 407, 475, 697, 706,
]);

/** What ClickHouse refused, in words: its own where they are about the query, never its paths, databases or limits. */
export function inWords(error: unknown, sql: string): Error {
  if (!(error instanceof ClickHouseFailure)) return error instanceof Error ? error : new Error(String(error));
  const { code, message } = error;
  if (code === SYNTAX_ERROR) return syntaxError(message, sql);
  if (code === UNKNOWN_TABLE) return unknownTable(message, sql);
  if (code === UNKNOWN_DATABASE)
    return new QueryRefused('The tables of Query are not there yet: ingest makes them when it starts.');
  const limit = code === undefined ? undefined : limitWords[code];
  if (limit !== undefined) return new QueryRefused(limit);
  if (code === undefined || !ofTheQuery.has(code)) return error;
  const name = code === UNKNOWN_IDENTIFIER ? /`([^`]+)`/.exec(message)?.[1] : undefined;
  return new QueryRefused(cleaned(message), name === undefined ? undefined : placeOfName(sql, name));
}

function syntaxError(message: string, sql: string): QueryRefused {
  const [, position = '', near = ''] = /failed at position (\d+)(?: \(([^)]*)\))?/.exec(message) ?? [];
  const place = position === '' ? undefined : placeOfByte(sql, Number(position));
  if (message.includes('Multi-statements'))
    return new QueryRefused('Only one statement can be asked: take away what follows the semicolon.', place);
  const where = near === '' || near === 'end of query' ? 'at its end' : `at ${near}`;
  return new QueryRefused(`ClickHouse cannot read the query ${where}.`, place);
}

function unknownTable(message: string, sql: string): QueryRefused {
  const name = /identifier '([^']+)'/.exec(message)?.[1] ?? '';
  const offered = queryTables.map((table) => table.name).join(', ');
  return new QueryRefused(`There is no table ${name} here. Offered are ${offered}.`, placeOfName(sql, name));
}

/** Without what ClickHouse adds for its own operators: the whole query again, the version, the stack. */
const cleaned = (message: string): string =>
  message
    .replace(/^Code: \d+\. DB::Exception: /, '')
    .replace(/:? ?\bin scope (?:SELECT|WITH|\()[\s\S]*?(?=\. Maybe you meant|$)/i, '')
    .replace(/(: )?(While|while) (executing|processing|converting)[\s\S]*$/, '')
    .replace(/ ?\(version [\s\S]*$/i, '')
    .replace(/__table\d+\./g, '')
    .replace(/\b\w+_query\./g, '')
    .slice(0, 400)
    .trim()
    .replace(/[:.]*$/, '.');
